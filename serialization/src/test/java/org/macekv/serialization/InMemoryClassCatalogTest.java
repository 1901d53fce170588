package org.macekv.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InMemoryClassCatalogTest {
  private final ClassCatalog catalog = new InMemoryClassCatalog();

  @Test
  void nameKeepsItsNumber() {
    int a = catalog.idOf("a");
    int b = catalog.idOf("b");
    assertThat(b).isNotEqualTo(a);
    assertThat(catalog.idOf("a")).isEqualTo(a);
    assertThat(catalog.nameOf(a)).isEqualTo("a");
    assertThat(catalog.nameOf(b)).isEqualTo("b");
  }

  @Test
  void unknownNumberIsAnError() {
    assertThatThrownBy(() -> catalog.nameOf(0)).isInstanceOf(SerializationException.class);
    assertThatThrownBy(() -> catalog.nameOf(-1)).isInstanceOf(SerializationException.class);
  }
}
