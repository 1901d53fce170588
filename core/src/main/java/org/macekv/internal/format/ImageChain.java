package org.macekv.internal.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.macekv.internal.format.ByteReader.MalformedException;

/**
 * Where the images of a node lie: a full one, and for a leaf perhaps some with changes, each of
 * what came after the one before. Immutable.
 */
public final class ImageChain {
  /** Images with changes that a chain may have. */
  public static final int MAX_CHANGES = 8;

  private static final int FIELDS = 3;

  // Of each image file, offset and length.
  private final int[] images;

  private ImageChain(int[] images) {
    this.images = images;
  }

  /** A full image alone. */
  public static ImageChain of(PageAddress full) {
    return of(List.of(full));
  }

  /** The images, the full one first. */
  public static ImageChain of(List<PageAddress> images) {
    if (images.isEmpty() || images.size() > MAX_CHANGES + 1) {
      throw new IllegalArgumentException(images.size() + " images");
    }
    int[] fields = new int[FIELDS * images.size()];
    int at = 0;
    for (PageAddress each : images) {
      fields[at++] = each.file();
      fields[at++] = each.offset();
      fields[at++] = each.length();
    }
    return new ImageChain(fields);
  }

  /** This chain with one more image of changes. Requires: there is room. */
  public ImageChain with(PageAddress changes) {
    List<PageAddress> longer = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      longer.add(image(i));
    }
    longer.add(changes);
    return of(longer);
  }

  /** Whether one more image of changes may follow. */
  public boolean hasRoom() {
    return count() <= MAX_CHANGES;
  }

  /** How many images there are. */
  public int count() {
    return images.length / FIELDS;
  }

  /** The image at an index; at 0 is the full one. */
  public PageAddress image(int index) {
    int at = FIELDS * index;
    return new PageAddress(images[at], images[at + 1], images[at + 2]);
  }

  /** The newest image. */
  public PageAddress newest() {
    return image(count() - 1);
  }

  /** Bytes of the full image. */
  public int fullLength() {
    return images[FIELDS - 1];
  }

  /** Bytes of the images with changes. */
  public long changesLength() {
    long length = 0;
    for (int at = 2 * FIELDS - 1; at < images.length; at += FIELDS) {
      length += images[at];
    }
    return length;
  }

  /** Whether an image lies at an address. */
  public boolean contains(PageAddress address) {
    for (int i = 0; i < count(); i++) {
      if (image(i).equals(address)) {
        return true;
      }
    }
    return false;
  }

  /** How many numbers {@link #putFields} stores: whoever has many chains keeps them so. */
  public int fieldCount() {
    return images.length;
  }

  /** Stores the chain as numbers and returns the index behind them. */
  public int putFields(int[] target, int at) {
    System.arraycopy(images, 0, target, at, images.length);
    return at + images.length;
  }

  /** The chain of what {@link #putFields} stored from {@code from} to {@code to}. */
  public static ImageChain ofFields(int[] source, int from, int to) {
    return new ImageChain(Arrays.copyOfRange(source, from, to));
  }

  /** Whether {@link #putFields} would store just what is there from {@code from} to {@code to}. */
  public boolean hasFields(int[] source, int from, int to) {
    return Arrays.equals(images, 0, images.length, source, from, to);
  }

  /** Bytes of {@link #put}. */
  public int encodedLength() {
    int length = 1;
    for (int field : images) {
      length += Varint.length(field);
    }
    return length;
  }

  /** Stores the addresses and returns the offset behind them. */
  public int put(byte[] target, int offset) {
    target[offset] = (byte) count();
    int at = offset + 1;
    for (int field : images) {
      at = Varint.put(target, at, field);
    }
    return at;
  }

  /** Reads what {@link #put} stored. */
  public static ImageChain read(ByteReader reader) throws MalformedException {
    int count = reader.readByte();
    if (count < 1 || count > MAX_CHANGES + 1) {
      throw reader.malformed("a node has " + count + " images");
    }
    int[] fields = new int[FIELDS * count];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = reader.readInt("part of an image's address", Integer.MAX_VALUE);
    }
    return new ImageChain(fields);
  }

  @Override
  public String toString() {
    return Arrays.toString(images);
  }
}
