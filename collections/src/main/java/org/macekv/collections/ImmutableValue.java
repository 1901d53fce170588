package org.macekv.collections;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that instances of a class never change, nor anything that they lead to: so readers of a
 * collection may get the same one, out of the read cache. A runtime annotation of the name {@code
 * Immutable}, such as Error Prone's, says the same. It says nothing of subclasses.
 *
 * <p>Not needed for what can be seen to be immutable: see {@link
 * PersistentStoreBuilder#readCacheBytes}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ImmutableValue {}
