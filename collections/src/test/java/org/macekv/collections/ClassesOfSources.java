package org.macekv.collections;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The classes of one tree of sources among the test's resources, compiled now. */
final class ClassesOfSources implements AutoCloseable {
  private final URLClassLoader loader;

  /**
   * Compiles a tree.
   *
   * @param tree a directory of the resources
   * @param classes where the classes go
   */
  ClassesOfSources(String tree, Path classes) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "no JDK");
    URL root = Objects.requireNonNull(ClassesOfSources.class.getResource(tree), tree);
    try (Stream<Path> files = Files.walk(Path.of(root.getPath()))) {
      List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none"));
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
      int result = compiler.run(null, null, null, arguments.toArray(String[]::new));
      if (result != 0) {
        throw new AssertionError("javac of " + tree + ": " + result);
      }
      this.loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class of this name. */
  @SuppressWarnings("unchecked") // what the values are is told by the classes
  Class<Object> type(String name) {
    try {
      return (Class<Object>) loader.loadClass(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** A constant of an enum. */
  Object constant(String type, String name) {
    return Stream.of(type(type).getEnumConstants())
        .filter(each -> ((Enum<?>) each).name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A record of these components, or an object without a constructor's arguments. */
  Object create(String type, Object... arguments) {
    try {
      return type(type).getDeclaredConstructors()[0].newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type, e);
    }
  }

  /** Sets a public field. */
  static void set(Object object, String field, Object value) {
    try {
      object.getClass().getField(field).set(object, value);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(field, e);
    }
  }

  /** A public field. */
  static Object get(Object object, String field) {
    try {
      return object.getClass().getField(field).get(object);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(field, e);
    }
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
