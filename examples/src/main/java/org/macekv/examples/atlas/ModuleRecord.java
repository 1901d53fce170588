package org.macekv.examples.atlas;

/**
 * A module of which every class is in the atlas. It is written last, so it proves that.
 *
 * @param name such as {@code java.base}
 * @param classCount how many class files it has, beside its own descriptor
 */
public record ModuleRecord(String name, int classCount) {}
