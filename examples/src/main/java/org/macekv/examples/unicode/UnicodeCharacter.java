package org.macekv.examples.unicode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Character} says of a code point.
 *
 * @param codePoint the code point
 * @param name its name
 * @param block the block that it is in, if it is in one
 * @param script the script that it belongs to
 * @param number its value as a number; -1 if it has none, -2 if that is no whole one
 * @param properties what holds for it: LETTER, DIGIT, UPPER, and so on
 */
public record UnicodeCharacter(
    int codePoint,
    String name,
    @Nullable String block,
    String script,
    int number,
    List<String> properties) {

  /** What there is to know of a code point; empty if it is not assigned. */
  @SuppressWarnings("CharacterGetNumericValue") // with the letters from A to Z, as Character has it
  public static Optional<UnicodeCharacter> of(int codePoint) {
    String name = Character.getName(codePoint);
    if (name == null || Character.getType(codePoint) == Character.UNASSIGNED) {
      return Optional.empty();
    }
    Character.UnicodeBlock block = Character.UnicodeBlock.of(codePoint);
    return Optional.of(
        new UnicodeCharacter(
            codePoint,
            name,
            block == null ? null : block.toString(),
            Character.UnicodeScript.of(codePoint).name(),
            Character.getNumericValue(codePoint),
            propertiesOf(codePoint)));
  }

  private static List<String> propertiesOf(int codePoint) {
    List<String> properties = new ArrayList<>();
    add(properties, "LETTER", Character.isLetter(codePoint));
    add(properties, "DIGIT", Character.isDigit(codePoint));
    add(properties, "UPPER", Character.isUpperCase(codePoint));
    add(properties, "LOWER", Character.isLowerCase(codePoint));
    add(properties, "TITLE", Character.isTitleCase(codePoint));
    add(properties, "SPACE", Character.isWhitespace(codePoint));
    add(properties, "MIRRORED", Character.isMirrored(codePoint));
    add(properties, "IDEOGRAPHIC", Character.isIdeographic(codePoint));
    add(properties, "IDENTIFIER_START", Character.isJavaIdentifierStart(codePoint));
    return List.copyOf(properties);
  }

  private static void add(List<String> properties, String property, boolean holds) {
    if (holds) {
      properties.add(property);
    }
  }

  @Override
  public String toString() {
    return String.format("U+%04X %s [%s, %s] %s", codePoint, name, script, block, properties);
  }
}
