package org.macekv.examples.atlas;

import java.lang.reflect.Modifier;
import java.util.List;

/**
 * A method, constructor or static initializer.
 *
 * @param access the access flags of the class file
 * @param name its name; constructors are called {@code <init>}
 * @param descriptor the types of its parameters and result, as the class file has them
 * @param exceptions the binary names of the checked exceptions that it declares
 */
public record MethodRecord(int access, String name, String descriptor, List<String> exceptions) {

  /** The method as one line of source, such as {@code public int size()}. */
  public String declaration() {
    String modifiers = Modifier.toString(access & Modifier.methodModifiers());
    String declared = Descriptors.describe(name, descriptor);
    String thrown = exceptions.isEmpty() ? "" : " throws " + String.join(", ", exceptions);
    return (modifiers.isEmpty() ? "" : modifiers + " ") + declared + thrown;
  }
}
