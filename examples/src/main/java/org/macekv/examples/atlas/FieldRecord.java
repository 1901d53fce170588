package org.macekv.examples.atlas;

import java.lang.reflect.Modifier;
import org.objectweb.asm.Type;

/**
 * A field.
 *
 * @param access the access flags of the class file
 * @param name its name
 * @param descriptor its type, as the class file has it
 */
public record FieldRecord(int access, String name, String descriptor) {

  /** The field as one line of source, such as {@code private int size}. */
  public String declaration() {
    String modifiers = Modifier.toString(access & Modifier.fieldModifiers());
    String type = Type.getType(descriptor).getClassName();
    return (modifiers.isEmpty() ? "" : modifiers + " ") + type + " " + name;
  }
}
