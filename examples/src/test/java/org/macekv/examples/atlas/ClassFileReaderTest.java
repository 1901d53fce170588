package org.macekv.examples.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

class ClassFileReaderTest {
  private static final String NAME = ClassFileReaderTest.class.getName() + "$Fixture";

  /** What is read. */
  @SuppressWarnings("unused")
  abstract static class Fixture extends Number implements Comparable<Fixture>, Callable<String> {
    private static final long serialVersionUID = 1L;

    transient int[] numbers = new int[0];

    @Override
    public String call() throws IOException {
      String twice = "a".concat("b").concat("c");
      Supplier<String> trimmed = twice::trim;
      return trimmed.get() + numbers.length;
    }

    Runnable lambda() {
      return () -> System.out.println();
    }
  }

  @Test
  void theClassItselfIsRead() {
    ClassRecord type = fixture().record();

    assertThat(type.name()).isEqualTo(NAME);
    assertThat(type.module()).isEqualTo("a.module");
    assertThat(type.superclass()).isEqualTo("java.lang.Number");
    assertThat(type.interfaces())
        .containsExactly("java.lang.Comparable", "java.util.concurrent.Callable");
    assertThat(type.simpleName()).isEqualTo("Fixture");
    assertThat(type.packageName()).isEqualTo("org.macekv.examples.atlas");
    assertThat(type.declaration()).isEqualTo("abstract class " + NAME);
  }

  @Test
  void methodsAndFieldsAreRead() {
    ClassFacts facts = fixture();

    assertThat(facts.fields().values().stream().map(FieldRecord::declaration))
        .containsExactlyInAnyOrder(
            "private static final long serialVersionUID", "transient int[] numbers");
    assertThat(facts.methods().get(NAME + "#call()Ljava/lang/String;").declaration())
        .isEqualTo("public java.lang.String call() throws java.io.IOException");
    assertThat(facts.methods()).containsKey(NAME + "#<init>()V");
  }

  @Test
  void eachPairOfCallerAndCalledIsThereOnce() {
    Set<String> byCall = firstsWith(fixture().calls(), NAME + "#call()Ljava/lang/String;");

    assertThat(byCall)
        .contains("java.lang.String#concat(Ljava/lang/String;)Ljava/lang/String;")
        .contains("java.util.function.Supplier#get()Ljava/lang/Object;");
  }

  @Test
  void methodReferencesAndBodiesOfLambdasCountAsCalled() {
    ClassFacts facts = fixture();

    assertThat(firstsWith(facts.calls(), NAME + "#call()Ljava/lang/String;"))
        .contains("java.lang.String#trim()Ljava/lang/String;");
    assertThat(firstsWith(facts.calls(), NAME + "#lambda()Ljava/lang/Runnable;"))
        .anyMatch(called -> called.startsWith(NAME + "#lambda$"));
  }

  @Test
  void fieldsReadAndWrittenAreRead() {
    Set<String> accesses = fixture().accesses();

    assertThat(firstsWith(accesses, NAME + "#<init>()V")).containsExactly(NAME + "#numbers:[I");
    assertThat(accesses)
        .anyMatch(key -> key.startsWith("java.lang.System#out:Ljava/io/PrintStream;\0" + NAME));
  }

  @Test
  void referencesAreOtherClassesAndElementsOfArraysAreNamedWithoutBrackets() {
    Set<String> named =
        fixture().references().stream().map(CompositeKey::first).collect(Collectors.toSet());

    assertThat(named)
        .contains("java.lang.Number", "java.lang.System", "java.io.IOException")
        .doesNotContain(NAME)
        .noneMatch(name -> name.startsWith("[") || name.contains("/"));
  }

  @Test
  void countsAreThoseOfTheFacts() {
    ClassFacts facts = fixture();

    assertThat(facts.record().counts())
        .isEqualTo(
            new FactCounts(
                3,
                facts.methods().size(),
                2,
                facts.calls().size(),
                facts.accesses().size(),
                facts.references().size()));
  }

  @Test
  void simpleNamesAreThoseThatSourceFilesDeclare() {
    assertThat(named("java.util.Map$Entry").simpleName()).isEqualTo("Entry");
    assertThat(named("a.Outer$1Local").simpleName()).isEqualTo("Local");
    assertThat(named("a.Outer$1").simpleName()).isEqualTo("Outer$1");
    assertThat(named("Unpackaged").simpleName()).isEqualTo("Unpackaged");
    assertThat(named("Unpackaged").packageName()).isEmpty();
  }

  @Test
  void declarationsNameTheKind() {
    assertThat(withAccess(Opcodes.ACC_PUBLIC | Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT))
        .isEqualTo("public interface A");
    assertThat(withAccess(Opcodes.ACC_ENUM | Opcodes.ACC_FINAL)).isEqualTo("enum A");
    assertThat(withAccess(Opcodes.ACC_RECORD | Opcodes.ACC_FINAL)).isEqualTo("record A");
    assertThat(withAccess(Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER))
        .isEqualTo("public final class A");
  }

  private static String withAccess(int access) {
    return new ClassRecord("A", "m", access, null, List.of(), FactCounts.ZERO).declaration();
  }

  private static ClassRecord named(String name) {
    return new ClassRecord(name, "m", 0, null, List.of(), FactCounts.ZERO);
  }

  /** The first sides of the pairs with this second side. */
  private static Set<String> firstsWith(Set<String> pairs, String second) {
    return pairs.stream()
        .filter(key -> CompositeKey.second(key).equals(second))
        .map(CompositeKey::first)
        .collect(Collectors.toSet());
  }

  private static ClassFacts fixture() {
    String resource = NAME.substring(NAME.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = ClassFileReaderTest.class.getResourceAsStream(resource)) {
      return ClassFileReader.read("a.module", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
