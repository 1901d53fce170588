package org.macekv.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the tables of docs/format.md with the constants that the code uses. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "format.md");
  private static final Pattern HEADING = Pattern.compile("^#+ .*\\(`(\\w+)`\\).*");
  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\w+)` \\| (\\d+) \\|(?: ?(\\d*|\\w+) \\|)?.*");

  /** Constant name to its value, for each class that a heading names. */
  private static Map<String, Map<String, Integer>> documented() throws Exception {
    Map<String, Map<String, Integer>> tables = new TreeMap<>();
    Map<String, Integer> table = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        table = tables.computeIfAbsent(heading.group(1), name -> new TreeMap<>());
      } else if (line.startsWith("#")) {
        table = new TreeMap<>();
      } else if (row.matches()) {
        table.put(row.group(1), Integer.valueOf(row.group(2)));
      }
    }
    tables.values().removeIf(Map::isEmpty);
    return tables;
  }

  @Test
  void everyOffsetInTheDocumentIsTheOneInTheCode() throws Exception {
    Map<String, Map<String, Integer>> tables = documented();
    assertThat(tables.keySet())
        .containsExactlyInAnyOrder(
            "SegmentLayout",
            "RecordLayout",
            "CommitLayout",
            "ManifestLayout",
            "PageFileLayout",
            "ImageLayout",
            "LeafPage");
    for (var table : tables.entrySet()) {
      Class<?> layout = Class.forName("org.macekv.internal.format." + table.getKey());
      for (var row : table.getValue().entrySet()) {
        Field field = layout.getField(row.getKey());
        assertThat(((Number) field.get(null)).intValue())
            .as(table.getKey() + "." + row.getKey())
            .isEqualTo(row.getValue());
      }
    }
  }

  @Test
  void everyOffsetInTheCodeIsInTheDocument() throws Exception {
    Map<String, Map<String, Integer>> tables = documented();
    assertThat(intConstants(SegmentLayout.class))
        .containsExactlyInAnyOrderElementsOf(
            with(tables.get("SegmentLayout").keySet(), "FORMAT_VERSION"));
    assertThat(intConstants(RecordLayout.class))
        .containsExactlyInAnyOrderElementsOf(
            with(tables.get("RecordLayout").keySet(), "MAX_BODY_LENGTH"));
    assertThat(intConstants(ManifestLayout.class))
        .containsExactlyInAnyOrderElementsOf(
            with(tables.get("ManifestLayout").keySet(), "FORMAT_VERSION"));
    assertThat(intConstants(PageFileLayout.class))
        .containsExactlyInAnyOrderElementsOf(
            with(tables.get("PageFileLayout").keySet(), "FORMAT_VERSION"));
    assertThat(intConstants(ImageLayout.class))
        .containsExactlyInAnyOrderElementsOf(tables.get("ImageLayout").keySet());
    assertThat(intConstants(CommitLayout.class))
        .containsExactlyInAnyOrderElementsOf(tables.get("CommitLayout").keySet());
  }

  private static List<String> intConstants(Class<?> layout) {
    List<String> names = new ArrayList<>();
    for (Field field : layout.getFields()) {
      if (field.getType() == int.class) {
        names.add(field.getName());
      }
    }
    return names;
  }

  private static List<String> with(Iterable<String> names, String more) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    all.add(more);
    return all;
  }

  @Test
  void fieldsOfAHeaderLieOneBehindTheOther() throws Exception {
    int at = -1;
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        boolean header =
            List.of("SegmentLayout", "RecordLayout", "PageFileLayout").contains(heading.group(1));
        at = header ? 0 : -1;
      } else if (line.startsWith("#")) {
        at = -1;
      }
      Matcher row = Pattern.compile("^\\| (?:`\\w+`)? ?\\| (\\d+) \\| (\\d*) ?\\|.*").matcher(line);
      if (at >= 0 && row.matches()) {
        assertThat(Integer.parseInt(row.group(1))).as(line).isEqualTo(at);
        at += row.group(2).isEmpty() ? 0 : Integer.parseInt(row.group(2));
      }
    }
  }

  @Test
  void kindsAndChunksAreAsDocumented() throws Exception {
    String text = Files.readString(DOCUMENT);
    assertThat(text)
        .contains("1 COMMIT, 2 VALUE, 3 WRITES")
        .contains(String.format("%,d bytes (`LargeValue.CHUNK_LENGTH`)", LargeValue.CHUNK_LENGTH))
        .contains("Format version " + SegmentLayout.FORMAT_VERSION + ".");
    assertThat(new byte[] {RecordLayout.COMMIT, RecordLayout.VALUE, RecordLayout.WRITES})
        .containsExactly(1, 2, 3);
    assertThat(RecordLayout.MAX_BODY_LENGTH).isEqualTo(4 << 20);
  }

  @Test
  void goldenSegmentHeaderAndRecord() {
    java.util.UUID id = new java.util.UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    byte[] header = SegmentLayout.encode(id, 0x1122, 0x3344, 0x55667788, 0x99aa);
    assertThat(java.util.HexFormat.of().formatHex(header))
        .startsWith(
            "4d4143452e4c4f47"
                + "00000001"
                + "00000000"
                + "0102030405060708090a0b0c0d0e0f10"
                + "0000000000001122"
                + "0000000000003344"
                + "55667788"
                + "00000000000099aa");
    byte[] record = new byte[RecordLayout.HEADER_LENGTH + 1];
    record[RecordLayout.HEADER_LENGTH] = 7;
    RecordLayout.prepare(record, RecordLayout.COMMIT);
    int crc = RecordLayout.seal(record, 0x99, 0x88, 0x77, SegmentLayout.salt(id));
    assertThat(java.util.HexFormat.of().formatHex(record))
        .isEqualTo(
            String.format("%08x", crc)
                + "00000001"
                + "0000000000000099"
                + "0000000000000088"
                + "00000077"
                + String.format("%08x", Crc.of(new byte[] {7}, 0, 1))
                + "01000000"
                + "07");
    // RFC 3720, appendix B.4: 32 bytes of zeros.
    assertThat(Crc.of(new byte[32], 0, 32)).isEqualTo(0x8a9136aa);
  }
}
