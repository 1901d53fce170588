package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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
import org.jspecify.annotations.Nullable;

/** The types of the JDK that hold no other objects: how each is stored, once and for all. */
final class ScalarTypes {
  private final List<StoredType> types = new ArrayList<>();

  private ScalarTypes() {
    addBoxes();
    addNumbers();
    addTimes();
    addDates();
    addNames();
    addMutable();
    addArrays();
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

  private void addTimes() {
    value(
        Instant.class,
        (out, v) -> writeSeconds(out, v.getEpochSecond(), v.getNano()),
        in -> Instant.ofEpochSecond(in.readVarLong(false), readNano(in)));
    value(
        Duration.class,
        (out, v) -> writeSeconds(out, v.getSeconds(), v.getNano()),
        in -> Duration.ofSeconds(in.readVarLong(false), readNano(in)));
    value(LocalTime.class, ScalarTypes::writeTime, ScalarTypes::readTime);
    value(LocalDateTime.class, ScalarTypes::writeDateTime, ScalarTypes::readDateTime);
    value(
        OffsetTime.class,
        (out, v) -> {
          writeTime(out, v.toLocalTime());
          writeOffset(out, v.getOffset());
        },
        in -> OffsetTime.of(readTime(in), readOffset(in)));
    value(
        OffsetDateTime.class,
        (out, v) -> {
          writeDateTime(out, v.toLocalDateTime());
          writeOffset(out, v.getOffset());
        },
        in -> OffsetDateTime.of(readDateTime(in), readOffset(in)));
    value(ZoneOffset.class, ScalarTypes::writeOffset, ScalarTypes::readOffset);
    value(
        ZoneId.class, (out, v) -> out.writeText(v.getId()), in -> ZoneId.of(in.readRequiredText()));
    value(
        ZonedDateTime.class,
        (out, v) -> {
          writeDateTime(out, v.toLocalDateTime());
          writeOffset(out, v.getOffset());
          out.writeText(v.getZone().getId());
        },
        in ->
            ZonedDateTime.ofInstant(
                readDateTime(in), readOffset(in), ZoneId.of(in.readRequiredText())));
  }

  private void addDates() {
    value(
        LocalDate.class,
        (out, v) -> out.writeVarLong(v.toEpochDay(), false),
        in -> LocalDate.ofEpochDay(in.readVarLong(false)));
    value(
        Year.class,
        (out, v) -> out.writeVarInt(v.getValue(), false),
        in -> Year.of(in.readVarInt(false)));
    value(
        YearMonth.class,
        (out, v) -> {
          out.writeVarInt(v.getYear(), false);
          out.writeByte(v.getMonthValue());
        },
        in -> YearMonth.of(in.readVarInt(false), in.readByte()));
    value(
        MonthDay.class,
        (out, v) -> {
          out.writeByte(v.getMonthValue());
          out.writeByte(v.getDayOfMonth());
        },
        in -> MonthDay.of(in.readByte(), in.readByte()));
    value(
        Period.class,
        (out, v) -> {
          out.writeVarInt(v.getYears(), false);
          out.writeVarInt(v.getMonths(), false);
          out.writeVarInt(v.getDays(), false);
        },
        in -> Period.of(in.readVarInt(false), in.readVarInt(false), in.readVarInt(false)));
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
        (out, v) -> writeBytes(out, v.toByteArray()),
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

  private void addArrays() {
    object(byte[].class, ScalarTypes::writeBytes, in -> in.readBytes(in.readSize(1)));
    object(boolean[].class, ScalarTypes::writeBooleans, ScalarTypes::readBooleans);
    object(
        short[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeShorts(v, 0, v.length);
        },
        in -> in.readShorts(in.readSize(Short.BYTES)));
    object(
        char[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeChars(v, 0, v.length);
        },
        in -> in.readChars(in.readSize(Character.BYTES)));
    object(
        int[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeInts(v, 0, v.length);
        },
        in -> in.readInts(in.readSize(Integer.BYTES)));
    object(
        long[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeLongs(v, 0, v.length);
        },
        in -> in.readLongs(in.readSize(Long.BYTES)));
    object(
        float[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeFloats(v, 0, v.length);
        },
        in -> in.readFloats(in.readSize(Float.BYTES)));
    object(
        double[].class,
        (out, v) -> {
          out.writeSize(v.length);
          out.writeDoubles(v, 0, v.length);
        },
        in -> in.readDoubles(in.readSize(Double.BYTES)));
    object(String[].class, ScalarTypes::writeStrings, ScalarTypes::readStrings);
  }

  private void addEnums() {
    types.add(EnumSerializer.typeOf(DayOfWeek.class));
    types.add(EnumSerializer.typeOf(Month.class));
    types.add(EnumSerializer.typeOf(ChronoUnit.class));
    types.add(EnumSerializer.typeOf(TimeUnit.class));
    types.add(EnumSerializer.typeOf(RoundingMode.class));
  }

  /** A type whose instances are no more than what they say: identity is not kept. */
  private <T> void value(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    add(type, false, writer, reader);
  }

  /** A type whose instances can be changed: one that occurs twice is read as one. */
  private <T> void object(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    add(type, true, writer, reader);
  }

  private <T> void add(
      Class<T> type,
      boolean tracked,
      BiConsumer<ValueOutput, T> writer,
      Function<ValueInput, T> reader) {
    types.add(
        new StoredType(type.getTypeName(), type, tracked, ValueSerializer.leaf(writer, reader)));
  }

  static boolean readBoolean(ValueInput input) {
    byte b = input.readByte();
    if ((b & ~1) != 0) {
      throw new ValueException("malformed: a boolean of " + b);
    }
    return b == 1;
  }

  private static void writeBytes(ValueOutput output, byte[] bytes) {
    output.writeSize(bytes.length);
    output.writeBytes(bytes, 0, bytes.length);
  }

  private static void writeBigInteger(ValueOutput output, BigInteger value) {
    writeBytes(output, value.toByteArray());
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

  private static void writeSeconds(ValueOutput output, long seconds, int nano) {
    output.writeVarLong(seconds, false);
    output.writeVarInt(nano, true);
  }

  private static int readNano(ValueInput input) {
    int nano = input.readVarInt(true);
    if (nano < 0 || nano > 999_999_999) {
      throw new ValueException("malformed: nanosecond " + (nano & 0xFFFF_FFFFL));
    }
    return nano;
  }

  private static void writeTime(ValueOutput output, LocalTime time) {
    output.writeVarLong(time.toNanoOfDay(), true);
  }

  private static LocalTime readTime(ValueInput input) {
    return LocalTime.ofNanoOfDay(input.readVarLong(true));
  }

  private static void writeDateTime(ValueOutput output, LocalDateTime value) {
    output.writeVarLong(value.toLocalDate().toEpochDay(), false);
    writeTime(output, value.toLocalTime());
  }

  private static LocalDateTime readDateTime(ValueInput input) {
    return LocalDateTime.of(LocalDate.ofEpochDay(input.readVarLong(false)), readTime(input));
  }

  private static void writeOffset(ValueOutput output, ZoneOffset offset) {
    output.writeVarInt(offset.getTotalSeconds(), false);
  }

  private static ZoneOffset readOffset(ValueInput input) {
    return ZoneOffset.ofTotalSeconds(input.readVarInt(false));
  }

  private static void writeBooleans(ValueOutput output, boolean[] values) {
    output.writeSize(values.length);
    for (boolean value : values) {
      output.writeBoolean(value);
    }
  }

  private static boolean[] readBooleans(ValueInput input) {
    boolean[] values = new boolean[input.readSize(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = readBoolean(input);
    }
    return values;
  }

  private static void writeStrings(ValueOutput output, @Nullable String[] values) {
    output.writeSize(values.length);
    for (String value : values) {
      output.writeText(value);
    }
  }

  private static @Nullable String[] readStrings(ValueInput input) {
    @Nullable String[] values = new @Nullable String[input.readSize(1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = input.readText();
    }
    return values;
  }
}
