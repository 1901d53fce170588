package org.macekv.examples.atlas;

import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * A class, interface, enum, record or annotation type. It is written in the same transaction as all
 * facts of its class file, so it proves that they are there.
 *
 * @param name the binary name, such as {@code java.util.Map$Entry}
 * @param module the module that it is in
 * @param access the access flags of the class file, with ASM's additions for records and
 *     deprecation
 * @param superclass the binary name of the superclass; null for {@code java.lang.Object}
 * @param interfaces the binary names of the interfaces that it names itself, in its order
 * @param counts how many facts its class file holds
 */
public record ClassRecord(
    String name,
    String module,
    int access,
    @Nullable String superclass,
    List<String> interfaces,
    FactCounts counts) {

  /** Flags that every interface, enum or record has, one of them, and nobody writes. */
  private static final int NOT_WRITTEN = Modifier.ABSTRACT | Modifier.FINAL;

  /** Modifiers, kind and name, as a source file would begin. */
  public String declaration() {
    int shown = access & Modifier.classModifiers() & ~(kind().equals("class") ? 0 : NOT_WRITTEN);
    String modifiers = Modifier.toString(shown);
    return (modifiers.isEmpty() ? "" : modifiers + " ") + kind() + " " + name;
  }

  /** The word that declares it: {@code class}, {@code interface} and so on. */
  public String kind() {
    if ((access & Opcodes.ACC_ANNOTATION) != 0) {
      return "@interface";
    }
    if ((access & Opcodes.ACC_INTERFACE) != 0) {
      return "interface";
    }
    if ((access & Opcodes.ACC_ENUM) != 0) {
      return "enum";
    }
    return (access & Opcodes.ACC_RECORD) != 0 ? "record" : "class";
  }

  /**
   * The name that a source file declares: {@code Entry} of {@code java.util.Map$Entry}, {@code
   * Local} of {@code Outer$1Local}. An anonymous class, which has none, keeps that of the outer
   * one: {@code Outer$1}.
   */
  public String simpleName() {
    String local = name.substring(name.lastIndexOf('.') + 1);
    int start = local.lastIndexOf('$') + 1;
    while (start < local.length() && Character.isDigit(local.charAt(start))) {
      start++;
    }
    return start < local.length() ? local.substring(start) : local;
  }

  /** The package, such as {@code java.util}; empty for the unnamed one. */
  public String packageName() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }
}
