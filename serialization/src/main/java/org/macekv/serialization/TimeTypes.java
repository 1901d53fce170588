package org.macekv.serialization;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How the types of {@code java.time} are stored, once and for all. */
final class TimeTypes {
  private final List<StoredType> types = new ArrayList<>();

  private TimeTypes() {
    addTimes();
    addDates();
  }

  static List<StoredType> all() {
    return new TimeTypes().types;
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
    value(LocalTime.class, TimeTypes::writeTime, TimeTypes::readTime);
    value(LocalDateTime.class, TimeTypes::writeDateTime, TimeTypes::readDateTime);
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
    value(ZoneOffset.class, TimeTypes::writeOffset, TimeTypes::readOffset);
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

  private <T> void value(
      Class<T> type, BiConsumer<ValueOutput, T> writer, Function<ValueInput, T> reader) {
    types.add(StoredType.value(type, writer, reader));
  }
}
