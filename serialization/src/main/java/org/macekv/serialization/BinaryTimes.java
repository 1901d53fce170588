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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of {@code java.time}, built from each other. */
final class BinaryTimes {
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private static final BinaryForm<Instant> INSTANT =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            out.writeLong(v.getEpochSecond());
            out.writeFixedInt(v.getNano());
          },
          in -> Instant.ofEpochSecond(in.readLong(), readNano(in)));

  private static final BinaryForm<Duration> DURATION =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            out.writeLong(v.getSeconds());
            out.writeFixedInt(v.getNano());
          },
          in -> Duration.ofSeconds(in.readLong(), readNano(in)));

  private static final BinaryForm<LocalDate> DATE =
      new BinaryScalars.Plain<>(
          (out, v) -> out.writeLong(v.toEpochDay()), in -> LocalDate.ofEpochDay(in.readLong()));

  private static final BinaryForm<LocalTime> TIME =
      new BinaryScalars.Plain<>(
          (out, v) -> out.writeVarLong(v.toNanoOfDay()),
          in -> LocalTime.ofNanoOfDay(in.readVarLong()));

  private static final BinaryForm<LocalDateTime> DATE_TIME =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            DATE.write(out, v.toLocalDate());
            TIME.write(out, v.toLocalTime());
          },
          in -> LocalDateTime.of(DATE.read(in), TIME.read(in)));

  private static final BinaryForm<ZoneOffset> OFFSET =
      new BinaryScalars.Plain<>(
          (out, v) -> out.writeInt(v.getTotalSeconds()),
          in -> ZoneOffset.ofTotalSeconds(in.readInt()));

  private static final BinaryForm<ZoneId> ZONE =
      new BinaryScalars.Counted<>((out, v) -> out.writeText(v.getId()), BinaryTimes::readZone);

  private static final BinaryForm<OffsetTime> OFFSET_TIME =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            TIME.write(out, v.toLocalTime());
            OFFSET.write(out, v.getOffset());
          },
          in -> OffsetTime.of(TIME.read(in), OFFSET.read(in)));

  private static final BinaryForm<OffsetDateTime> OFFSET_DATE_TIME =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            DATE_TIME.write(out, v.toLocalDateTime());
            OFFSET.write(out, v.getOffset());
          },
          in -> OffsetDateTime.of(DATE_TIME.read(in), OFFSET.read(in)));

  private static final BinaryForm<ZonedDateTime> ZONED_DATE_TIME =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            DATE_TIME.write(out, v.toLocalDateTime());
            OFFSET.write(out, v.getOffset());
            ZONE.write(out, v.getZone());
          },
          in -> ZonedDateTime.ofInstant(DATE_TIME.read(in), OFFSET.read(in), ZONE.read(in)));

  private static final BinaryForm<Year> YEAR =
      new BinaryScalars.Plain<>(
          (out, v) -> out.writeInt(v.getValue()), in -> Year.of(in.readInt()));

  private static final BinaryForm<YearMonth> YEAR_MONTH =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            out.writeInt(v.getYear());
            out.writeByte((byte) v.getMonthValue());
          },
          in -> YearMonth.of(in.readInt(), in.readByte()));

  private static final BinaryForm<MonthDay> MONTH_DAY =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            out.writeByte((byte) v.getMonthValue());
            out.writeByte((byte) v.getDayOfMonth());
          },
          in -> MonthDay.of(in.readByte(), in.readByte()));

  private static final BinaryForm<Period> PERIOD =
      new BinaryScalars.Plain<>(
          (out, v) -> {
            out.writeInt(v.getYears());
            out.writeInt(v.getMonths());
            out.writeInt(v.getDays());
          },
          in -> Period.of(in.readInt(), in.readInt(), in.readInt()));

  private BinaryTimes() {}

  static void addTo(Map<Class<?>, BinaryForm<?>> forms) {
    forms.put(Instant.class, INSTANT);
    forms.put(Duration.class, DURATION);
    forms.put(LocalDate.class, DATE);
    forms.put(LocalTime.class, TIME);
    forms.put(LocalDateTime.class, DATE_TIME);
    forms.put(ZoneOffset.class, OFFSET);
    forms.put(ZoneId.class, ZONE);
    forms.put(OffsetTime.class, OFFSET_TIME);
    forms.put(OffsetDateTime.class, OFFSET_DATE_TIME);
    forms.put(ZonedDateTime.class, ZONED_DATE_TIME);
    forms.put(Year.class, YEAR);
    forms.put(YearMonth.class, YEAR_MONTH);
    forms.put(MonthDay.class, MONTH_DAY);
    forms.put(Period.class, PERIOD);
  }

  private static int readNano(BinaryInput input) {
    int nano = input.readFixedInt();
    if (nano < 0 || nano >= NANOS_PER_SECOND) {
      throw new ValueException("malformed: nanosecond " + (nano & 0xFFFF_FFFFL));
    }
    return nano;
  }

  private static @Nullable ZoneId readZone(BinaryInput input) {
    String id = input.readText();
    return id == null ? null : ZoneId.of(id);
  }
}
