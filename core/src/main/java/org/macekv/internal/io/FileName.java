package org.macekv.internal.io;

/** What may name a file of a store: relative, with {@code /}, and never out of the directory. */
final class FileName {
  private FileName() {}

  /** Returns {@code name}, or throws {@link IllegalArgumentException} if it names no file. */
  static String require(String name) {
    if (name.indexOf('\\') >= 0 || name.indexOf(':') >= 0 || name.indexOf('\0') >= 0) {
      throw refused(name);
    }
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw refused(name);
      }
    }
    return name;
  }

  /** As {@link #require}, but "" is allowed: it is the store's own directory. */
  static String requireDirectory(String name) {
    return name.isEmpty() ? name : require(name);
  }

  /** The directory that holds {@code name}; "" is the store's own. */
  static String directoryOf(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  private static IllegalArgumentException refused(String name) {
    return new IllegalArgumentException("not a file name inside of a store: \"" + name + "\"");
  }
}
