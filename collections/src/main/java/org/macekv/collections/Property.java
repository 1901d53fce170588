package org.macekv.collections;

import java.io.Serializable;
import java.util.function.Function;

/**
 * A property of an entity, such as {@code User::email}. It is serializable so that its type can be
 * told from it: that of a method reference, or of a lambda expression.
 *
 * @param <E> the entities
 * @param <R> the values of the property
 */
@FunctionalInterface
public interface Property<E, R> extends Function<E, R>, Serializable {}
