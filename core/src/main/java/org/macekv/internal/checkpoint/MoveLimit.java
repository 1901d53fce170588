package org.macekv.internal.checkpoint;

import java.util.function.BooleanSupplier;

/**
 * How much a checkpoint moves out of files that are mostly garbage. What is to be moved is in
 * memory until the checkpoint has written it, beside what writers have changed.
 *
 * @param bytes about how many bytes are moved at the most
 * @param isTight whether there is little memory left for more; something is moved in any case
 */
public record MoveLimit(long bytes, BooleanSupplier isTight) {
  /** Whether {@code moved} bytes are enough. */
  boolean isReached(long moved) {
    return moved >= bytes || (moved > 0 && isTight.getAsBoolean());
  }
}
