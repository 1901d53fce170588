package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.serialization.SerializationException;

class StoredValuesTest {
  @TempDir Path directory;

  record Line(String article, int pieces) {}

  record Order(String customer, List<Line> lines) {}

  static final class Note {
    private final List<String> lines = new ArrayList<>();
  }

  private static final Order ORDER = new Order("Ada", List.of(new Line("tea", 2)));

  @Test
  void valuesComeBackWhateverTheOrderOfRegistration() {
    try (PersistentStore store =
        PersistentStore.builder(directory).register(Line.class, Order.class).open()) {
      store.navigableMap("orders", String.class, Order.class).put("o-1", ORDER);
    }
    try (PersistentStore store =
        PersistentStore.builder(directory).register(Note.class, Order.class, Line.class).open()) {
      store.navigableMap("notes", String.class, Note.class).put("n-1", new Note());
      assertThat(store.navigableMap("orders", String.class, Order.class))
          .containsEntry("o-1", ORDER);
    }
    try (PersistentStore store = PersistentStore.builder(directory).register(Line.class).open()) {
      assertThat(store.navigableMap("orders", String.class, Order.class))
          .containsEntry("o-1", ORDER);
      assertThat(store.navigableMap("notes", String.class, Note.class).get("n-1").lines).isEmpty();
    }
  }

  @Test
  void numbersOfClassesOutliveTheScopeThatNeededThemFirst() {
    try (PersistentStore store = PersistentStore.builder(directory).register(Line.class).open()) {
      PersistentNavigableMap<String, Order> orders =
          store.navigableMap("orders", String.class, Order.class);
      try (TransactionScope scope = store.begin()) {
        orders.put("o-1", ORDER);
        assertThat(orders).containsEntry("o-1", ORDER);
        assertThat(scope.isOpen()).isTrue();
      }
      assertThat(orders).isEmpty();
      orders.put("o-2", ORDER);
    }
    try (PersistentStore store = PersistentStore.builder(directory).register(Line.class).open()) {
      assertThat(store.navigableMap("orders", String.class, Order.class))
          .containsOnlyKeys("o-2")
          .containsValue(ORDER);
    }
  }

  @Test
  void valuesAreCopies() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Note> notes =
          store.navigableMap("notes", String.class, Note.class);
      Note note = new Note();
      notes.put("n", note);
      note.lines.add("changed after put");
      Note read = notes.get("n");
      assertThat(read.lines).isEmpty();
      read.lines.add("changed after get");
      assertThat(notes.get("n").lines).isEmpty();
    }
  }

  @Test
  void classThatIsNotRegisteredIsRefusedAndNothingWritten() {
    try (PersistentStore store = PersistentStore.inMemory()) {
      PersistentNavigableMap<String, Object> values =
          store.navigableMap("values", String.class, Object.class);
      assertThatThrownBy(() -> values.put("o-1", ORDER))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("Order");
      assertThat(values).isEmpty();
      store.navigableMap("orders", String.class, Order.class).put("o-1", ORDER); // Line is declared
    }
  }
}
