package org.macekv;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The floor plan (docs/design.md, section 2): each floor uses only those below it. */
@AnalyzeClasses(packages = "org.macekv", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule FLOORS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("face")
          .definedBy("org.macekv")
          .layer("engine")
          .definedBy("org.macekv.internal.engine")
          .layer("txn")
          .definedBy("org.macekv.internal.txn")
          .layer("checkpoint")
          .definedBy("org.macekv.internal.checkpoint")
          .layer("load")
          .definedBy("org.macekv.internal.load")
          .layer("pages")
          .definedBy("org.macekv.internal.pages")
          .layer("tree")
          .definedBy("org.macekv.internal.tree")
          .layer("mvcc")
          .definedBy("org.macekv.internal.mvcc")
          .layer("log")
          .definedBy("org.macekv.internal.log")
          .layer("io")
          .definedBy("org.macekv.internal.io")
          .layer("format")
          .definedBy("org.macekv.internal.format")
          .layer("option")
          .definedBy("org.macekv.option")
          .layer("error")
          .definedBy("org.macekv.error")
          .whereLayer("face")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("face")
          .whereLayer("txn")
          .mayOnlyBeAccessedByLayers("face", "engine")
          .whereLayer("checkpoint")
          .mayOnlyBeAccessedByLayers("face", "engine")
          .whereLayer("tree")
          .mayOnlyBeAccessedByLayers("face", "engine", "txn", "checkpoint")
          .whereLayer("load")
          .mayOnlyBeAccessedByLayers("face", "engine")
          .whereLayer("mvcc")
          .mayOnlyBeAccessedByLayers("face", "engine", "txn", "checkpoint", "tree")
          .whereLayer("log")
          .mayOnlyBeAccessedByLayers("face", "engine", "txn", "checkpoint")
          .whereLayer("pages")
          .mayOnlyBeAccessedByLayers("face", "engine", "txn", "checkpoint", "tree")
          .whereLayer("io")
          .mayOnlyBeAccessedByLayers("face", "engine", "log", "pages", "load")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers(
              "face", "engine", "txn", "checkpoint", "tree", "mvcc", "log", "pages", "load");

  @ArchTest
  static final ArchRule FILES_ONLY_IN_IO =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.macekv.internal.io")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.channels..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.file.Files")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.RandomAccessFile");

  @ArchTest
  static final ArchRule IO_EXCEPTIONS_ARE_OF_FILES_OR_OF_USERS_STREAMS =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.macekv.internal.io", "org.macekv")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.IOException");

  @ArchTest
  static final ArchRule CLOCKS_AND_CHANCE_ARE_INJECTED =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.macekv.internal.engine.Environment")
          .and()
          .resideOutsideOfPackage("org.macekv.internal.io") // names the owner of the lock
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom");

  @ArchTest
  static final ArchRule ERRORS_AND_OPTIONS_DEPEND_ON_NOTHING =
      classes()
          .that()
          .resideInAnyPackage("org.macekv.error", "org.macekv.option")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java.lang..",
              "java.util..",
              "org.jspecify..",
              "org.macekv.error",
              "org.macekv.option");
}
