package org.macekv.examples.atlas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.macekv.examples.CommandFailure;

/** The class files of the running JDK, read through its {@code jrt:/} file system. Thread-safe. */
final class RuntimeImage {
  private static final String SUFFIX = ".class";

  private final Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");

  /** The JDK, precisely: two builds of one version may differ in their classes. */
  String version() {
    return "Java " + Runtime.version() + ", " + System.getProperty("java.vendor");
  }

  /** The names of all modules, in order. */
  List<String> moduleNames() {
    try (Stream<Path> names = Files.list(modules)) {
      return names.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The class files of a module, in the order of their names, without the module's own descriptor.
   */
  List<ClassFile> classFiles(String module) {
    Path root = modules.resolve(module);
    if (!Files.isDirectory(root)) {
      throw new CommandFailure(
          "this JDK has no module " + module + "; it has " + String.join(", ", moduleNames()));
    }
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .map(path -> root.relativize(path).toString())
          .filter(path -> path.endsWith(SUFFIX) && !path.equals("module-info" + SUFFIX))
          .sorted()
          .map(path -> classFile(module, path))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class file of one class. */
  ClassFile classFile(ClassRecord type) {
    return classFile(type.module(), type.name().replace('.', '/') + SUFFIX);
  }

  private ClassFile classFile(String module, String path) {
    String name = path.substring(0, path.length() - SUFFIX.length()).replace('/', '.');
    return new ClassFile(module, name, modules.resolve(module).resolve(path));
  }

  /**
   * One class file.
   *
   * @param module the module that it is in
   * @param className the binary name of the class
   * @param path where it is
   */
  record ClassFile(String module, String className, Path path) {

    /** What it says. */
    ClassFacts read() {
      try {
        return ClassFileReader.read(module, Files.readAllBytes(path));
      } catch (IOException e) {
        throw new UncheckedIOException("can't read " + path, e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(
            "the class files of " + Runtime.version() + " are too new: " + e.getMessage());
      }
    }
  }
}
