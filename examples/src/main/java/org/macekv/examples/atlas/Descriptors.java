package org.macekv.examples.atlas;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.objectweb.asm.Type;

/** Descriptors of class files, as people read them. */
final class Descriptors {
  private Descriptors() {}

  /** Result, name and parameters, such as {@code boolean add(java.lang.Object)}. */
  static String describe(String name, String methodDescriptor) {
    return Type.getReturnType(methodDescriptor).getClassName()
        + " "
        + name
        + parameters(methodDescriptor);
  }

  /** The parameters alone, such as {@code (int, java.lang.Object)}. */
  static String parameters(String methodDescriptor) {
    return Arrays.stream(Type.getArgumentTypes(methodDescriptor))
        .map(Type::getClassName)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The binary name, with dots, of an internal one, with slashes. */
  static String binaryName(String internalName) {
    return internalName.replace('/', '.');
  }
}
