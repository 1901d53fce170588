package org.macekv.internal.pages;

/**
 * A page file is not there any more: its bucket was dropped, and nobody who has registered a
 * snapshot sees it. That the files of a checkpoint are there is checked when a store is opened.
 * Never leaves the engine.
 */
public final class PageGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PageGoneException(String file) {
    super(file + " was deleted", null, false, false);
  }
}
