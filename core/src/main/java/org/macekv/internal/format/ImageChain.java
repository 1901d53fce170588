package org.macekv.internal.format;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the images of a node lie: a full one, and for a leaf perhaps some with changes, each of
 * what came after the one before. Immutable.
 */
public final class ImageChain {
  /** Images with changes that a chain may have. */
  public static final int MAX_CHANGES = 8;

  private final PageAddress[] images;

  private ImageChain(PageAddress[] images) {
    this.images = images;
  }

  /** A full image alone. */
  public static ImageChain of(PageAddress full) {
    return new ImageChain(new PageAddress[] {full});
  }

  /** The images, the full one first. */
  public static ImageChain of(List<PageAddress> images) {
    if (images.isEmpty() || images.size() > MAX_CHANGES + 1) {
      throw new IllegalArgumentException(images.size() + " images");
    }
    return new ImageChain(images.toArray(new PageAddress[0]));
  }

  /** This chain with one more image of changes. Requires: there is room. */
  public ImageChain with(PageAddress changes) {
    PageAddress[] longer = Arrays.copyOf(images, images.length + 1);
    longer[images.length] = changes;
    return of(List.of(longer));
  }

  /** Whether one more image of changes may follow. */
  public boolean hasRoom() {
    return images.length <= MAX_CHANGES;
  }

  /** How many images there are. */
  public int count() {
    return images.length;
  }

  /** The image at an index; at 0 is the full one. */
  public PageAddress image(int index) {
    return images[index];
  }

  /** The newest image. */
  public PageAddress newest() {
    return images[images.length - 1];
  }

  /** Bytes of the full image. */
  public int fullLength() {
    return images[0].length();
  }

  /** Bytes of the images with changes. */
  public long changesLength() {
    long length = 0;
    for (int i = 1; i < images.length; i++) {
      length += images[i].length();
    }
    return length;
  }

  /** Whether an image lies at an address. */
  public boolean contains(PageAddress address) {
    return Arrays.asList(images).contains(address);
  }

  /** Bytes of {@link #put}. */
  public int encodedLength() {
    return 1 + images.length * ImageLayout.ADDRESS_LENGTH;
  }

  /** Stores the addresses and returns the offset behind them. */
  public int put(byte[] target, int offset) {
    int at = offset;
    target[at++] = (byte) images.length;
    for (PageAddress each : images) {
      each.put(target, at);
      at += ImageLayout.ADDRESS_LENGTH;
    }
    return at;
  }

  /** The chain at {@code offset}; null if what is there is none. */
  public static @Nullable ImageChain get(byte[] source, int offset) {
    int count = source[offset];
    if (count < 1 || count > MAX_CHANGES + 1) {
      return null;
    }
    PageAddress[] images = new PageAddress[count];
    for (int i = 0; i < count; i++) {
      images[i] = PageAddress.get(source, offset + 1 + i * ImageLayout.ADDRESS_LENGTH);
    }
    return new ImageChain(images);
  }

  @Override
  public String toString() {
    return Arrays.toString(images);
  }
}
