/**
 * What bytes mean: one {@code *Layout} class for each structure on disk, the search in a leaf's
 * page, checksums and integers of variable length. Pure functions over byte arrays, no I/O. {@code
 * docs/format.md} describes the same byte by byte, and a test compares the two.
 *
 * <p>May use {@code org.macekv.error} and {@code org.macekv.option}.
 */
package org.macekv.internal.format;
