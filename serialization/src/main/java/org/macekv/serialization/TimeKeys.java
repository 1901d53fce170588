package org.macekv.serialization;

import java.nio.ByteBuffer;
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
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Codecs for keys of {@code java.time}, each in the order of the type's {@code compareTo}. Numbers
 * are written big-endian, with the sign bit flipped where they can be negative.
 */
final class TimeKeys {
  private static final int DATE_BYTES = 6;
  private static final int TIME_BYTES = 6;
  private static final int INSTANT_BYTES = 12;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Year, month, day. */
  static final KeyCodec<LocalDate> LOCAL_DATE =
      fixed("local-date", LocalDate.class, DATE_BYTES, TimeKeys::putDate, TimeKeys::getDate);

  /** The nanosecond of the day. */
  static final KeyCodec<LocalTime> LOCAL_TIME =
      fixed("local-time", LocalTime.class, TIME_BYTES, TimeKeys::putTime, TimeKeys::getTime);

  static final KeyCodec<LocalDateTime> LOCAL_DATE_TIME =
      fixed(
          "local-date-time",
          LocalDateTime.class,
          DATE_BYTES + TIME_BYTES,
          (out, key) -> {
            putDate(out, key.toLocalDate());
            putTime(out, key.toLocalTime());
          },
          in -> LocalDateTime.of(getDate(in), getTime(in)));

  static final KeyCodec<Instant> INSTANT =
      fixed(
          "instant",
          Instant.class,
          INSTANT_BYTES,
          (out, key) -> putSeconds(out, key.getEpochSecond(), key.getNano()),
          in -> instant(getLong(in), in.getInt()));

  static final KeyCodec<Duration> DURATION =
      fixed(
          "duration",
          Duration.class,
          INSTANT_BYTES,
          (out, key) -> putSeconds(out, key.getSeconds(), key.getNano()),
          in -> Duration.ofSeconds(getLong(in), getNano(in)));

  /** The instant; of those that are the same, the local time, and so the offset. */
  static final KeyCodec<OffsetDateTime> OFFSET_DATE_TIME =
      fixed(
          "offset-date-time",
          OffsetDateTime.class,
          INSTANT_BYTES + Integer.BYTES,
          (out, key) -> {
            putSeconds(out, key.toEpochSecond(), key.getNano());
            putInt(out, key.getOffset().getTotalSeconds());
          },
          in -> offsetDateTime(getLong(in), getNano(in), getInt(in)));

  /** The time at UTC, which may lie outside the day; then the offset. */
  static final KeyCodec<OffsetTime> OFFSET_TIME =
      fixed(
          "offset-time",
          OffsetTime.class,
          Long.BYTES + Integer.BYTES,
          (out, key) -> {
            int offset = key.getOffset().getTotalSeconds();
            putLong(out, key.toLocalTime().toNanoOfDay() - offset * NANOS_PER_SECOND);
            putInt(out, offset);
          },
          in -> {
            long utc = getLong(in);
            int offset = getInt(in);
            return OffsetTime.of(
                LocalTime.ofNanoOfDay(Math.addExact(utc, offset * NANOS_PER_SECOND)),
                ZoneOffset.ofTotalSeconds(offset));
          });

  /** East before west, as {@link ZoneOffset#compareTo} has it. */
  static final KeyCodec<ZoneOffset> ZONE_OFFSET =
      fixed(
          "zone-offset",
          ZoneOffset.class,
          Integer.BYTES,
          (out, key) -> putInt(out, -key.getTotalSeconds()),
          in -> ZoneOffset.ofTotalSeconds(Math.negateExact(getInt(in))));

  static final KeyCodec<Year> YEAR =
      fixed(
          "year",
          Year.class,
          Integer.BYTES,
          (out, key) -> putInt(out, key.getValue()),
          in -> Year.of(getInt(in)));

  static final KeyCodec<YearMonth> YEAR_MONTH =
      fixed(
          "year-month",
          YearMonth.class,
          Integer.BYTES + 1,
          (out, key) -> {
            putInt(out, key.getYear());
            out.put((byte) key.getMonthValue());
          },
          in -> YearMonth.of(getInt(in), in.get()));

  static final KeyCodec<MonthDay> MONTH_DAY =
      fixed(
          "month-day",
          MonthDay.class,
          2,
          (out, key) -> out.put((byte) key.getMonthValue()).put((byte) key.getDayOfMonth()),
          in -> MonthDay.of(in.get(), in.get()));

  static final KeyCodec<Month> MONTH =
      fixed(
          "month",
          Month.class,
          1,
          (out, key) -> out.put((byte) key.getValue()),
          in -> Month.of(in.get()));

  static final KeyCodec<DayOfWeek> DAY_OF_WEEK =
      fixed(
          "day-of-week",
          DayOfWeek.class,
          1,
          (out, key) -> out.put((byte) key.getValue()),
          in -> DayOfWeek.of(in.get()));

  /** The instant, the local time, the name of the zone. */
  static final KeyCodec<ZonedDateTime> ZONED_DATE_TIME =
      new BuiltInKeyCodec<>(
          "zoned-date-time",
          ZonedDateTime.class,
          Comparator.<ZonedDateTime>naturalOrder(),
          BuiltInKeyCodec.ANY_LENGTH,
          false,
          TimeKeys::encodeZoned,
          TimeKeys::decodeZoned);

  static final List<KeyCodec<?>> ALL =
      List.of(
          LOCAL_DATE,
          LOCAL_TIME,
          LOCAL_DATE_TIME,
          INSTANT,
          DURATION,
          OFFSET_DATE_TIME,
          OFFSET_TIME,
          ZONED_DATE_TIME,
          ZONE_OFFSET,
          YEAR,
          YEAR_MONTH,
          MONTH_DAY,
          MONTH,
          DAY_OF_WEEK);

  private TimeKeys() {}

  /** An instant of parts that may be malformed. */
  static Instant instant(long second, int nano) {
    requireNano(nano);
    return BuiltInKeyCodec.refusing("instant", () -> Instant.ofEpochSecond(second, nano));
  }

  /** Writes a key. */
  @FunctionalInterface
  private interface Writer<K> {
    void write(ByteBuffer out, K key);
  }

  /** Reads a key; refuses with any runtime exception. */
  @FunctionalInterface
  private interface Reader<K> {
    K read(ByteBuffer in);
  }

  // The constants of java.time are all compared by themselves, but some by a supertype's order.
  @SuppressWarnings("unchecked")
  private static <K extends Comparable<?>> KeyCodec<K> fixed(
      String id, Class<K> type, int length, Writer<K> writer, Reader<K> reader) {
    Comparator<K> natural = (Comparator<K>) (Comparator<?>) Comparator.naturalOrder();
    return BuiltInKeyCodec.fixed(
        id,
        type,
        natural,
        length,
        key -> {
          ByteBuffer out = ByteBuffer.allocate(length);
          writer.write(out, key);
          return out.array();
        },
        bytes -> reader.read(ByteBuffer.wrap(bytes)));
  }

  private static void putInt(ByteBuffer out, int value) {
    out.putInt(value ^ Integer.MIN_VALUE);
  }

  private static int getInt(ByteBuffer in) {
    return in.getInt() ^ Integer.MIN_VALUE;
  }

  private static void putLong(ByteBuffer out, long value) {
    out.putLong(value ^ Long.MIN_VALUE);
  }

  private static long getLong(ByteBuffer in) {
    return in.getLong() ^ Long.MIN_VALUE;
  }

  private static void putSeconds(ByteBuffer out, long seconds, int nano) {
    putLong(out, seconds);
    out.putInt(nano);
  }

  private static int getNano(ByteBuffer in) {
    int nano = in.getInt();
    requireNano(nano);
    return nano;
  }

  private static void requireNano(int nano) {
    if (nano < 0 || nano >= NANOS_PER_SECOND) {
      throw new SerializationException("malformed: " + nano + " nanoseconds");
    }
  }

  private static void putDate(ByteBuffer out, LocalDate date) {
    putInt(out, date.getYear());
    out.put((byte) date.getMonthValue()).put((byte) date.getDayOfMonth());
  }

  private static LocalDate getDate(ByteBuffer in) {
    return LocalDate.of(getInt(in), in.get(), in.get());
  }

  private static void putTime(ByteBuffer out, LocalTime time) {
    long nano = time.toNanoOfDay();
    out.putShort((short) (nano >>> Integer.SIZE)).putInt((int) nano);
  }

  private static LocalTime getTime(ByteBuffer in) {
    long high = Short.toUnsignedLong(in.getShort()) << Integer.SIZE;
    return LocalTime.ofNanoOfDay(high | Integer.toUnsignedLong(in.getInt()));
  }

  /** Also where the instant by itself is beyond the bounds of {@link Instant}. */
  private static OffsetDateTime offsetDateTime(long second, int nano, int offset) {
    return OffsetDateTime.of(
        localDateTime(second, nano, offset), ZoneOffset.ofTotalSeconds(offset));
  }

  private static LocalDateTime localDateTime(long second, int nano, int offset) {
    return LocalDateTime.ofEpochSecond(second, nano, ZoneOffset.ofTotalSeconds(offset));
  }

  private static byte[] encodeZoned(ZonedDateTime key) {
    byte[] zone = StringBytes.encode(key.getZone().getId());
    ByteBuffer out = ByteBuffer.allocate(INSTANT_BYTES + Integer.BYTES + zone.length);
    putSeconds(out, key.toEpochSecond(), key.getNano());
    putInt(out, key.getOffset().getTotalSeconds());
    return out.put(zone).array();
  }

  private static ZonedDateTime decodeZoned(byte[] bytes) {
    int zoneAt = INSTANT_BYTES + Integer.BYTES;
    if (bytes.length < zoneAt) {
      throw new SerializationException("malformed zoned-date-time: " + bytes.length + " bytes");
    }
    return BuiltInKeyCodec.refusing(
        "zoned-date-time",
        () -> {
          ByteBuffer in = ByteBuffer.wrap(bytes);
          long second = getLong(in);
          int nano = getNano(in);
          int offset = getInt(in);
          String zone = StringBytes.decode(Arrays.copyOfRange(bytes, zoneAt, bytes.length));
          ZonedDateTime key =
              ZonedDateTime.ofStrict(
                  localDateTime(second, nano, offset),
                  ZoneOffset.ofTotalSeconds(offset),
                  ZoneId.of(zone));
          if (!key.getZone().getId().equals(zone)) {
            throw new SerializationException("malformed zoned-date-time: zone " + zone);
          }
          return key;
        });
  }
}
