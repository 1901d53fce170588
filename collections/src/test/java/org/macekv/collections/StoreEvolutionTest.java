package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.macekv.serialization.Evolution;
import org.macekv.serialization.IncompatibleClassException;

/**
 * Stores whose values were written by another form of their classes: the trees of sources under
 * {@code evolution}, each in a class loader of its own. {@code golden/shop-1.zip} was written with
 * the first ({@link #main}) when the format was new, and is never written again.
 */
class StoreEvolutionTest {
  private static final String GOLDEN = "/golden/shop-1.zip";

  @TempDir Path temporary;
  private ClassesOfSources v1;
  private ClassesOfSources v2;
  private Path directory;

  @BeforeEach
  void compile() {
    directory = temporary.resolve("store");
    v1 = new ClassesOfSources("/evolution/v1", temporary.resolve("v1"));
    v2 = new ClassesOfSources("/evolution/v2", temporary.resolve("v2"));
  }

  @AfterEach
  void close() {
    v1.close();
    v2.close();
  }

  private static PersistentStore open(
      Path directory, ClassesOfSources classes, Evolution evolution) {
    List<Class<?>> registered = List.of(classes.type("shop.Address"), classes.type("shop.Status"));
    return PersistentStore.builder(directory)
        .register(registered.toArray(Class<?>[]::new))
        .evolution(evolution)
        .open();
  }

  /** What the first version of the shop stores. */
  private static void fill(Path directory, ClassesOfSources v1) {
    try (PersistentStore store = open(directory, v1, Evolution.none())) {
      PersistentNavigableMap<String, Object> customers =
          store.navigableMap("customers", String.class, v1.type("shop.Customer"));
      Object address = v1.create("shop.Address", "Main Street", "Springfield");
      Object status = v1.constant("shop.Status", "NEW");
      customers.put("homer", v1.create("shop.Customer", "Homer", 7, address, status));
      PersistentNavigableMap<Integer, Object> notes =
          store.navigableMap("notes", Integer.class, v1.type("shop.Note"));
      Object note = v1.create("shop.Note");
      ClassesOfSources.set(note, "text", "hungry");
      listOf(note).addAll(List.of(status, "donut", address));
      notes.put(1, note);
      store
          .navigableMap("states", String.class, v1.type("shop.Status"))
          .put("homer", v1.constant("shop.Status", "REGULAR"));
    }
  }

  @SuppressWarnings("unchecked") // it is declared so
  private static List<Object> listOf(Object note) {
    return (List<Object>) ClassesOfSources.get(note, "about");
  }

  private static Evolution toV2(ClassesOfSources v2) {
    Evolution.Builder builder =
        Evolution.builder()
            .renamedClass("shop.Note", v2.type("shop.Memo"))
            .renamedField(v2.type("shop.Memo"), "text", "words")
            .added(v2.type("shop.Customer"), "active", true);
    renamedNew(builder, v2.type("shop.Status"));
    return builder.build();
  }

  @SuppressWarnings("unchecked") // a class that only the loader knows
  private static <E extends Enum<E>> void renamedNew(Evolution.Builder builder, Class<?> status) {
    Class<E> type = (Class<E>) status;
    builder.renamedConstant(type, "NEW", Enum.valueOf(type, "FRESH"));
  }

  private void requireReadByV2() {
    for (int opening = 0; opening < 2; opening++) {
      try (PersistentStore store = open(directory, v2, toV2(v2))) {
        Object homer =
            store.navigableMap("customers", String.class, v2.type("shop.Customer")).get("homer");
        assertThat(homer)
            .hasToString(
                "Customer[status=FRESH, name=Homer, visits=7, active=true,"
                    + " address=Address[city=Springfield, zip=null]]");
        Object memo =
            Objects.requireNonNull(
                store.navigableMap("notes", Integer.class, v2.type("shop.Memo")).get(1));
        assertThat(ClassesOfSources.get(memo, "words")).isEqualTo("hungry");
        assertThat(ClassesOfSources.get(memo, "author")).isEqualTo("unknown");
        assertThat(ClassesOfSources.get(memo, "about"))
            .hasToString("[FRESH, donut, Address[city=Springfield, zip=null]]");
        PersistentNavigableMap<String, Object> states =
            store.navigableMap("states", String.class, v2.type("shop.Status"));
        assertThat(states.get("homer")).hasToString("REGULAR");
        states.put("marge", v2.constant("shop.Status", "VIP")); // and values of today beside them
        assertThat(states.get("marge")).hasToString("VIP");
      }
    }
  }

  @Test
  void storeOfTheOlderClassesOpensWithTheNewerOnes() {
    fill(directory, v1);
    requireReadByV2();
  }

  @Test
  void goldenStoreOfTheOlderClassesOpensWithTheNewerOnes() throws IOException {
    unzip(directory);
    requireReadByV2();
  }

  @Test
  void whatDoesNotFitIsRefusedWhenTheCollectionIsOpened() {
    fill(directory, v1);
    try (ClassesOfSources v3 = new ClassesOfSources("/evolution/v3", temporary.resolve("v3"));
        PersistentStore store = open(directory, v3, Evolution.none())) {
      assertThatThrownBy(
              () -> store.navigableMap("customers", String.class, v3.type("shop.Customer")))
          .isInstanceOf(IncompatibleClassException.class)
          .hasMessageContaining("record shop.Customer(")
          .hasMessageContaining("visits  int     java.lang.String  no conversion");
      assertThat(store.navigableMap("states", String.class, v3.type("shop.Status"))).hasSize(1);
    }
    Evolution.Builder migration = Evolution.builder();
    try (ClassesOfSources v3 = new ClassesOfSources("/evolution/v3", temporary.resolve("v3"))) {
      migration.migration(
          v3.type("shop.Customer"),
          old ->
              v3.create(
                  "shop.Customer",
                  old.get("name"),
                  "times " + old.get("visits"),
                  old.get("address"),
                  old.get("status")));
      try (PersistentStore store = open(directory, v3, migration.build())) {
        assertThat(
                store
                    .navigableMap("customers", String.class, v3.type("shop.Customer"))
                    .get("homer"))
            .hasToString(
                "Customer[name=Homer, visits=times 7, address=Address[street=Main Street,"
                    + " city=Springfield], status=NEW]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void newerStoreIsRefusedByTheOlderClassesOrReadAsDeclared(boolean declared) {
    fill(directory, v1);
    try (PersistentStore store = open(directory, v2, toV2(v2))) {
      store
          .navigableMap("customers", String.class, v2.type("shop.Customer"))
          .put(
              "marge",
              v2.create(
                  "shop.Customer",
                  v2.constant("shop.Status", "REGULAR"),
                  "Marge",
                  3L,
                  true,
                  v2.create("shop.Address", "Springfield", "123")));
    }
    Evolution evolution =
        !declared
            ? Evolution.none()
            : Evolution.builder()
                .migration(
                    v1.type("shop.Customer"),
                    newer ->
                        v1.create(
                            "shop.Customer",
                            newer.get("name"),
                            Math.toIntExact((long) Objects.requireNonNull(newer.get("visits"))),
                            newer.get("address"),
                            newer.get("status")))
                .build();
    try (PersistentStore store = open(directory, v1, evolution)) {
      if (declared) {
        assertThat(
                store
                    .navigableMap("customers", String.class, v1.type("shop.Customer"))
                    .get("marge"))
            .hasToString(
                "Customer[name=Marge, visits=3, address=Address[street=null, city=Springfield],"
                    + " status=REGULAR]");
      } else {
        assertThatThrownBy(
                () -> store.navigableMap("customers", String.class, v1.type("shop.Customer")))
            .isInstanceOf(IncompatibleClassException.class)
            .hasMessageContaining("visits  long    int  no conversion");
      }
    }
  }

  @Test
  void valuesAreStoredAnewOnRequest() {
    fill(directory, v1);
    try (PersistentStore store = open(directory, v2, toV2(v2))) {
      PersistentNavigableMap<String, Object> customers =
          store.navigableMap("customers", String.class, v2.type("shop.Customer"));
      Object homer = customers.get("homer");
      for (int i = 0; i < 300; i++) {
        customers.put("k" + i, homer);
      }
      List<Long> progress = new ArrayList<>();
      assertThat(store.rewriteValues(customers, progress::add)).isEqualTo(1);
      assertThat(progress).containsExactly(256L, 301L);
      assertThat(store.rewriteValues(customers, seen -> {})).isZero();
      assertThat(customers.get("homer")).isEqualTo(homer);
      try (Snapshot snapshot = store.snapshot()) {
        assertThatThrownBy(() -> store.rewriteValues(snapshot.of(customers), seen -> {}))
            .isInstanceOf(UnsupportedOperationException.class);
      }
      try (PersistentStore other = PersistentStore.inMemory()) {
        assertThatThrownBy(() -> other.rewriteValues(customers, seen -> {}))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  private static void unzip(Path directory) throws IOException {
    try (InputStream in = StoreEvolutionTest.class.getResourceAsStream(GOLDEN);
        ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(in, GOLDEN))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  /** Writes a golden store into the zip file that is given, with a directory for its work. */
  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[1]);
    Path directory = work.resolve("store");
    try (ClassesOfSources v1 = new ClassesOfSources("/evolution/v1", work.resolve("v1"))) {
      fill(directory, v1);
    }
    try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]));
        ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(directory.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }
}
