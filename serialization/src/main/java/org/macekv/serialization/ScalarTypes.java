package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How the plain types of the JDK, which hold no other objects, are stored, once and for all. */
final class ScalarTypes {
  private final List<StoredType> types = new ArrayList<>();

  private ScalarTypes() {
    addBoxes();
    addNumbers();
    addNames();
    addMutable();
    addEnums();
  }

  static List<StoredType> all() {
    return new ScalarTypes().types;
  }

  private void addBoxes() {
    value(Boolean.class, (out, v) -> out.writeBoolean(v), ScalarTypes::readBoolean);
    value(Byte.class, (out, v) -> out.writeByte(v), ValueInput::readByte);
    value(Short.class, (out, v) -> out.writeShort(v), ValueInput::readShort);
    value(Character.class, (out, v) -> out.writeChar(v), ValueInput::readChar);
    value(Integer.class, (out, v) -> out.writeVarInt(v, false), in -> in.readVarInt(false));
    value(Long.class, (out, v) -> out.writeVarLong(v, false), in -> in.readVarLong(false));
    value(Float.class, (out, v) -> out.writeFloat(v), ValueInput::readFloat);
    value(Double.class, (out, v) -> out.writeDouble(v), ValueInput::readDouble);
    value(String.class, ValueOutput::writeText, ValueInput::readRequiredText);
  }

  private void addNumbers() {
    value(BigInteger.class, ScalarTypes::writeBigInteger, ScalarTypes::readBigInteger);
    value(
        BigDecimal.class,
        (out, v) -> {
          out.writeVarInt(v.scale(), false);
          writeBigInteger(out, v.unscaledValue());
        },
        in -> {
          int scale = in.readVarInt(false);
          return new BigDecimal(readBigInteger(in), scale);
        });
    value(
        OptionalInt.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(i -> out.writeVarInt(i, false));
        },
        in -> readBoolean(in) ? OptionalInt.of(in.readVarInt(false)) : OptionalInt.empty());
    value(
        OptionalLong.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(i -> out.writeVarLong(i, false));
        },
        in -> readBoolean(in) ? OptionalLong.of(in.readVarLong(false)) : OptionalLong.empty());
    value(
        OptionalDouble.class,
        (out, v) -> {
          out.writeBoolean(v.isPresent());
          v.ifPresent(out::writeDouble);
        },
        in -> readBoolean(in) ? OptionalDouble.of(in.readDouble()) : OptionalDouble.empty());
  }

  private void addNames() {
    value(
        UUID.class,
        (out, v) -> {
          out.writeLong(v.getMostSignificantBits());
          out.writeLong(v.getLeastSignificantBits());
        },
        in -> new UUID(in.readLong(), in.readLong()));
    value(
        URI.class,
        (out, v) -> out.writeText(v.toString()),
        in -> URI.create(in.readRequiredText()));
    value(
        Locale.class, ScalarTypes::writeLocale, in -> Locale.forLanguageTag(in.readRequiredText()));
    value(
        Currency.class,
        (out, v) -> out.writeText(v.getCurrencyCode()),
        in -> Currency.getInstance(in.readRequiredText()));
  }

  @SuppressWarnings("JavaUtilDate") // old classes have them
  private void addMutable() {
    object(
        Date.class,
        (out, v) -> out.writeVarLong(v.getTime(), false),
        in -> new Date(in.readVarLong(false)));
    object(
        BitSet.class,
        (out, v) -> ArrayTypes.writeBytes(out, v.toByteArray()),
        in -> BitSet.valueOf(in.readBytes(in.readSize(1))));
    object(
        StringBuilder.class,
        (out, v) -> out.writeText(v.toString()),
        in -> new StringBuilder(in.readRequiredText()));
    object(
        AtomicBoolean.class,
        (out, v) -> out.writeBoolean(v.get()),
        in -> new AtomicBoolean(readBoolean(in)));
    object(
        AtomicInteger.class,
        (out, v) -> out.writeVarInt(v.get(), false),
        in -> new AtomicInteger(in.readVarInt(false)));
    object(
        AtomicLong.class,
        (out, v) -> out.writeVarLong(v.get(), false),
        in -> new AtomicLong(in.readVarLong(false)));
  }

  private void addEnums() {
    types.add(EnumSerializer.typeOf(DayOfWeek.class, Evolution.none()));
    types.add(EnumSerializer.typeOf(Month.class, Evolution.none()));
    types.add(EnumSerializer.typeOf(ChronoUnit.class, Evolution.none()));
    types.add(EnumSerializer.typeOf(TimeUnit.class, Evolution.none()));
    types.add(EnumSerializer.typeOf(RoundingMode.class, Evolution.none()));
  }

  private <T> void value(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    types.add(StoredType.value(type, writer, reader));
  }

  private <T> void object(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    types.add(StoredType.object(type, writer, reader));
  }

  static boolean readBoolean(ValueInput input) {
    byte b = input.readByte();
    if ((b & ~1) != 0) {
      throw new ValueException("malformed: a boolean of " + b);
    }
    return b == 1;
  }

  private static void writeBigInteger(ValueOutput output, BigInteger value) {
    ArrayTypes.writeBytes(output, value.toByteArray());
  }

  private static BigInteger readBigInteger(ValueInput input) {
    return new BigInteger(input.readBytes(input.readSize(1)));
  }

  private static void writeLocale(ValueOutput output, Locale locale) {
    String tag = locale.toLanguageTag();
    if (!Locale.forLanguageTag(tag).equals(locale)) {
      throw new ValueException("the locale " + locale + " has no language tag that says all of it");
    }
    output.writeText(tag);
  }
}
