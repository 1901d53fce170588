package org.macekv.examples.atlas;

import static org.macekv.examples.atlas.Descriptors.binaryName;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Takes the {@link ClassFacts} out of one class file. */
final class ClassFileReader extends ClassVisitor {
  private static final int ASM = Opcodes.ASM9;

  /** JVM specification, table 4.4-A: the tag of a CONSTANT_Class in the constant pool. */
  private static final int CLASS_TAG = 7;

  private final Map<String, MethodRecord> methods = new LinkedHashMap<>();
  private final Map<String, FieldRecord> fields = new LinkedHashMap<>();
  private final Set<String> calls = new HashSet<>();
  private final Set<String> accesses = new HashSet<>();
  private final CodeReader code = new CodeReader();
  private int access;
  private String name = "";
  private @Nullable String superclass;
  private List<String> interfaces = List.of();

  private ClassFileReader() {
    super(ASM);
  }

  /**
   * Reads a class file.
   *
   * @throws IllegalArgumentException if it is newer than the ASM library knows
   */
  static ClassFacts read(String module, byte[] classFile) {
    ClassReader source = new ClassReader(classFile);
    ClassFileReader reader = new ClassFileReader();
    source.accept(reader, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return reader.facts(module, reader.references(source, classFile));
  }

  private ClassFacts facts(String module, Set<String> references) {
    FactCounts counts =
        new FactCounts(
            supertypes(superclass, interfaces).size(),
            methods.size(),
            fields.size(),
            calls.size(),
            accesses.size(),
            references.size());
    ClassRecord record = new ClassRecord(name, module, access, superclass, interfaces, counts);
    return new ClassFacts(record, methods, fields, calls, accesses, references);
  }

  /** The types that a class extends and implements, each once. */
  static List<String> supertypes(@Nullable String superclass, List<String> interfaces) {
    return Stream.concat(Stream.ofNullable(superclass), interfaces.stream()).distinct().toList();
  }

  /**
   * All classes in the constant pool but the class itself; of an array, the class of its elements.
   */
  private Set<String> references(ClassReader source, byte[] classFile) {
    Set<String> references = new HashSet<>();
    char[] buffer = new char[source.getMaxStringLength()];
    for (int index = 1; index < source.getItemCount(); index++) {
      int offset = source.getItem(index);
      if (offset > 0 && classFile[offset - 1] == CLASS_TAG) {
        String referenced = elementClass(source.readUTF8(offset, buffer));
        if (!referenced.isEmpty() && !referenced.equals(name)) {
          references.add(CompositeKey.of(referenced, name));
        }
      }
    }
    return references;
  }

  /** The binary name, without the brackets of an array; empty for an array of primitives. */
  private static String elementClass(String internalName) {
    if (!internalName.startsWith("[")) {
      return binaryName(internalName);
    }
    int element = internalName.lastIndexOf('[') + 1;
    return internalName.charAt(element) == 'L'
        ? binaryName(internalName.substring(element + 1, internalName.length() - 1))
        : "";
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    this.access = access;
    this.name = binaryName(name);
    this.superclass = superName == null ? null : binaryName(superName);
    this.interfaces = binaryNames(interfaces);
  }

  @Override
  public @Nullable FieldVisitor visitField(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      @Nullable Object value) {
    fields.put(
        MemberKey.ofField(this.name, name, descriptor), new FieldRecord(access, name, descriptor));
    return null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    String key = MemberKey.ofMethod(this.name, name, descriptor);
    methods.put(key, new MethodRecord(access, name, descriptor, binaryNames(exceptions)));
    code.method = key;
    return code;
  }

  private static List<String> binaryNames(String @Nullable [] internalNames) {
    return internalNames == null
        ? List.of()
        : Stream.of(internalNames).map(Descriptors::binaryName).toList();
  }

  /** Takes calls and field accesses out of the code of one method after the other. */
  private final class CodeReader extends MethodVisitor {
    private String method = "";

    CodeReader() {
      super(ASM);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      addCall(owner, name, descriptor);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      addAccess(owner, name, descriptor);
    }

    /** The body of a lambda, or the method of a method reference, counts as called from here. */
    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        addHandle(argument);
      }
    }

    @Override
    public void visitLdcInsn(Object constant) {
      addHandle(constant);
    }

    private void addHandle(Object constant) {
      if (constant instanceof Handle handle) {
        if (handle.getTag() <= Opcodes.H_PUTSTATIC) {
          addAccess(handle.getOwner(), handle.getName(), handle.getDesc());
        } else {
          addCall(handle.getOwner(), handle.getName(), handle.getDesc());
        }
      }
    }

    private void addCall(String owner, String name, String descriptor) {
      String called = MemberKey.ofMethod(binaryName(owner), name, descriptor);
      calls.add(CompositeKey.of(called, method));
    }

    private void addAccess(String owner, String name, String descriptor) {
      String accessed = MemberKey.ofField(binaryName(owner), name, descriptor);
      accesses.add(CompositeKey.of(accessed, method));
    }
  }
}
