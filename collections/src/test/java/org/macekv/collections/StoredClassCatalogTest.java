package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.macekv.Mace;
import org.macekv.serialization.SerializationException;

class StoredClassCatalogTest {
  @TempDir Path directory;

  @Test
  void idsStayWithTheirNames() {
    int first;
    int second;
    try (Mace mace = Mace.open(directory)) {
      StoredClassCatalog catalog = new StoredClassCatalog(mace);
      first = catalog.idOf("a.First");
      second = catalog.idOf("a.Second");
      assertThat(catalog.idOf("a.First")).isEqualTo(first).isNotEqualTo(second);
      assertThat(catalog.nameOf(second)).isEqualTo("a.Second");
    }
    try (Mace mace = Mace.open(directory)) {
      StoredClassCatalog catalog = new StoredClassCatalog(mace);
      int third = catalog.idOf("a.Third");
      assertThat(Set.of(first, second)).doesNotContain(third);
      assertThat(catalog.idOf("a.Second")).isEqualTo(second);
      assertThat(catalog.nameOf(first)).isEqualTo("a.First");
    }
  }

  @Test
  void idGivenWithinAScopeOutlivesItsRollback() {
    try (Mace mace = Mace.inMemory()) {
      StoredClassCatalog catalog = new StoredClassCatalog(mace);
      int id;
      try (var transaction = mace.begin()) {
        id = catalog.idOf("a.First");
        assertThat(transaction.isOpen()).isTrue();
      }
      assertThat(new StoredClassCatalog(mace).nameOf(id)).isEqualTo("a.First");
    }
  }

  @Test
  void threadsAgreeOnIds() {
    try (Mace mace = Mace.inMemory()) {
      StoredClassCatalog catalog = new StoredClassCatalog(mace);
      Set<String> pairs = ConcurrentHashMap.newKeySet();
      IntStream.range(0, 400)
          .parallel()
          .forEach(i -> pairs.add(i % 20 + " " + catalog.idOf("c" + i % 20)));
      assertThat(pairs).hasSize(20);
    }
  }

  @Test
  void unknownIdIsAnError() {
    try (Mace mace = Mace.inMemory()) {
      StoredClassCatalog catalog = new StoredClassCatalog(mace);
      assertThatThrownBy(() -> catalog.nameOf(7))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("7");
    }
  }
}
