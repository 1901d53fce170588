package org.macekv.internal.checkpoint;

import java.util.function.BooleanSupplier;

/**
 * How much a checkpoint moves out of files that are mostly garbage, and what writers leave free for
 * that.
 *
 * @param bytes about how many bytes are moved at the most
 * @param reserve how many bytes of what writers may have before they wait are kept for moves when
 *     there is as much garbage as there may be, and in proportion when there is less
 * @param isTight whether there is little memory left for more; something is moved in any case
 */
public record MoveLimit(long bytes, long reserve, BooleanSupplier isTight) {
  /** Whether {@code moved} bytes are enough. */
  boolean isReached(long moved) {
    return moved >= bytes || (moved > 0 && isTight.getAsBoolean());
  }
}
