package org.macekv.internal.format;

/**
 * Where a page image lies.
 *
 * @param file the number of the page file, 1 or more
 * @param offset the offset in the file, in bytes
 * @param length the image's length in bytes
 */
public record PageAddress(int file, int offset, int length) {}
