package org.macekv.serialization;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong inside a value, on its way up to {@link KryoSerializer}, which makes a {@link
 * SerializationException} of it. Each object that it passes adds the field it came from.
 */
final class ValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int PATH_LIMIT = 400;
  private static final char CUT = '…';

  private final StringBuilder path = new StringBuilder();

  ValueException(String message) {
    super(message);
  }

  private ValueException(Throwable cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  /**
   * The failure as seen one step further out.
   *
   * @param step {@code .field} or {@code [index]}
   */
  static RuntimeException at(String step, RuntimeException failure) {
    if (failure instanceof CatalogFailure) {
      return failure;
    }
    ValueException exception =
        failure instanceof ValueException known ? known : new ValueException(failure);
    if (exception.path.length() < PATH_LIMIT) {
      exception.path.insert(0, step);
    } else if (exception.path.charAt(0) != CUT) {
      exception.path.insert(0, CUT);
    }
    return exception;
  }

  /** The steps from the value's root to the failure; empty at the root itself. */
  String path() {
    return path.toString();
  }

  /** A failure of the catalog is the store's own and goes to the caller as it is. */
  static final class CatalogFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    CatalogFailure(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }

    RuntimeException failure() {
      return failure;
    }
  }

  /** The cause to report: none if this exception says it all. */
  @Nullable Throwable reason() {
    return getCause();
  }
}
