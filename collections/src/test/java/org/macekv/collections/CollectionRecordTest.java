package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.macekv.collections.CollectionRecord.Kind;
import org.macekv.error.FormatVersionException;
import org.macekv.error.MaceException;

class CollectionRecordTest {
  private static final CollectionRecord MAP = new CollectionRecord(Kind.NAVIGABLE_MAP, "ab", "é");
  private static final byte[] MAP_BYTES =
      HexFormat.of().parseHex("01" + "01" + "00000002" + "6162" + "00000002" + "c3a9");

  @Test
  void bytesAreThoseOfTheFormat() {
    assertThat(MAP.encode()).isEqualTo(MAP_BYTES);
    assertThat(CollectionRecord.decode("x", MAP_BYTES)).isEqualTo(MAP);
    CollectionRecord set = new CollectionRecord(Kind.SET, "k", "");
    assertThat(set.encode())
        .isEqualTo(HexFormat.of().parseHex("01" + "02" + "00000001" + "6b" + "00000000"));
    assertThat(CollectionRecord.decode("x", set.encode())).isEqualTo(set);
  }

  @Test
  void otherFormatsAreRefused() {
    byte[] newer = MAP_BYTES.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> CollectionRecord.decode("collection 'm'", newer))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("collection 'm'");
  }

  @Test
  void everyCutIsAnErrorThatNamesTheCollection() {
    for (int length = 0; length < MAP_BYTES.length; length++) {
      byte[] cut = Arrays.copyOf(MAP_BYTES, length);
      assertThatThrownBy(() -> CollectionRecord.decode("collection 'm'", cut))
          .isInstanceOf(MaceException.class)
          .hasMessageContaining("collection 'm'");
    }
  }
}
