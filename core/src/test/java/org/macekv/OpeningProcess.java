package org.macekv;

import java.nio.file.Path;
import org.macekv.error.StoreLockedException;

/** A process that tries to open a store that another one has open, and says what it was told. */
final class OpeningProcess {
  private OpeningProcess() {}

  public static void main(String[] arguments) {
    try (Mace store = Mace.open(Path.of(arguments[0]))) {
      System.out.println("opened " + store.name());
    } catch (StoreLockedException e) {
      System.out.println("locked by " + e.holder());
    }
  }
}
