/**
 * The atlas of a JDK: what its class files say of classes, methods, fields, calls and references,
 * as typed records and ordered sets in one store.
 *
 * <p>{@link org.macekv.examples.atlas.Atlas} is the class to read first: it names the collections.
 * {@link org.macekv.examples.atlas.AtlasBuild} fills them, one transaction per class file, so that
 * a record in {@code classes} proves that all facts of that class are there; that is what a build
 * that was killed goes by when it is started again.
 */
@NullMarked
package org.macekv.examples.atlas;

import org.jspecify.annotations.NullMarked;
