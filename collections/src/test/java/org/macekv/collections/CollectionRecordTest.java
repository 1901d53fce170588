package org.macekv.collections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.macekv.error.FormatVersionException;
import org.macekv.error.MaceException;

class CollectionRecordTest {
  private static final CollectionRecord MAP =
      new CollectionRecord(
          new CollectionRecord.Type(CollectionKind.NAVIGABLE_MAP, "ab", "é"), 0x1234);
  private static final byte[] MAP_BYTES =
      HexFormat.of()
          .parseHex("02" + "01" + "0000000000001234" + "00000002" + "6162" + "00000002" + "c3a9");

  @Test
  void bytesAreThoseOfTheFormat() {
    assertThat(MAP.encode()).isEqualTo(MAP_BYTES);
    assertThat(CollectionRecord.decode("x", MAP_BYTES)).isEqualTo(MAP);
    CollectionRecord set =
        new CollectionRecord(new CollectionRecord.Type(CollectionKind.SET, "k", ""), 1);
    assertThat(set.encode())
        .isEqualTo(
            HexFormat.of()
                .parseHex("02" + "02" + "0000000000000001" + "00000001" + "6b" + "00000000"));
    assertThat(CollectionRecord.decode("x", set.encode())).isEqualTo(set);
  }

  @Test
  void codesOfKindsStayAsTheyAre() {
    assertThat(Stream.of(CollectionKind.values()).map(kind -> kind.code() + " " + kind))
        .containsExactly(
            "1 NAVIGABLE_MAP",
            "2 SET",
            "3 MAP",
            "4 MULTIMAP",
            "5 QUEUE",
            "6 COUNTER",
            "7 SEQUENCE",
            "8 ENTITIES");
    for (CollectionKind kind : CollectionKind.values()) {
      assertThat(CollectionKind.of(kind.code())).isEqualTo(kind);
    }
  }

  @Test
  void otherFormatsAndKindsAreRefused() {
    byte[] newer = MAP_BYTES.clone();
    newer[0] = 3;
    assertThatThrownBy(() -> CollectionRecord.decode("collection 'm'", newer))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("collection 'm'");
    byte[] unknown = MAP_BYTES.clone();
    unknown[1] = 99;
    assertThatThrownBy(() -> CollectionRecord.decode("collection 'm'", unknown))
        .isInstanceOf(MaceException.class)
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
