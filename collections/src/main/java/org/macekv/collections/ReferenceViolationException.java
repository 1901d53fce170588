package org.macekv.collections;

import org.macekv.error.MaceException;

/**
 * An entity was to be stored that refers to one that is not there, or one was to be deleted that
 * another refers to. Nothing was changed.
 */
public class ReferenceViolationException extends MaceException {
  private static final long serialVersionUID = 1L;

  /** With a message that names both. */
  public ReferenceViolationException(String message) {
    super(message);
  }
}
