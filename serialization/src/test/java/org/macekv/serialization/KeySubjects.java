package org.macekv.serialization;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;
import org.macekv.serialization.KeyCodecsTest.Subject;

/** Codecs of numbers without bounds, of times, and of several keys together. */
final class KeySubjects {

  /** A record with components of any length before others. */
  record Place(String country, int year, @Nullable String city) {}

  /** A record in a record. */
  record Visit(Place place, Instant when, BigDecimal price) {}

  private KeySubjects() {}

  // ---- Numbers --------------------------------------------------------------------------------

  static List<Subject<?>> numbers() {
    return List.of(
        new Subject<>(KeyCodecs.BIG_INTEGER, edgeIntegers(), integers()),
        new Subject<>(KeyCodecs.BIG_DECIMAL, edgeDecimals(), decimals()));
  }

  private static List<BigInteger> edgeIntegers() {
    BigInteger one = BigInteger.ONE;
    List<BigInteger> positive =
        List.of(
            one,
            BigInteger.valueOf(255),
            BigInteger.valueOf(256),
            BigInteger.valueOf(Long.MAX_VALUE),
            one.shiftLeft(63),
            one.shiftLeft(64),
            one.shiftLeft(8 * 111).subtract(one), // the longest with one byte of length
            one.shiftLeft(8 * 111),
            one.shiftLeft(8 * 255).subtract(one),
            one.shiftLeft(8 * 255),
            one.shiftLeft(8 * 256),
            one.shiftLeft(8 * 70_000));
    return withNegatives(positive, BigInteger.ZERO, BigInteger::negate);
  }

  private static <N> List<N> withNegatives(List<N> positive, N zero, Function<N, N> negate) {
    return Stream.of(positive.stream(), Stream.of(zero), positive.stream().map(negate))
        .flatMap(Function.identity())
        .toList();
  }

  private static Arbitrary<BigInteger> integers() {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(120).map(BigInteger::new);
  }

  private static List<BigDecimal> edgeDecimals() {
    List<BigDecimal> positive =
        List.of(
            new BigDecimal("1"),
            new BigDecimal("1.00"),
            new BigDecimal("1.0000000000000000000000001"),
            new BigDecimal("0.9"),
            new BigDecimal("0.99"),
            new BigDecimal("0.1"),
            new BigDecimal("0.01"),
            new BigDecimal("0.001"),
            new BigDecimal("10"),
            new BigDecimal("1E+1"),
            new BigDecimal("99"),
            new BigDecimal("100"),
            new BigDecimal("101"),
            new BigDecimal("12.3"),
            new BigDecimal("12.34"),
            new BigDecimal("9.99E+300"),
            new BigDecimal("1E-300"),
            new BigDecimal(BigInteger.ONE, Integer.MAX_VALUE),
            new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
            new BigDecimal(BigInteger.valueOf(123_456), Integer.MAX_VALUE),
            new BigDecimal(BigInteger.valueOf(123_456), Integer.MIN_VALUE),
            new BigDecimal(BigInteger.TEN.pow(2000).add(BigInteger.ONE)));
    List<BigDecimal> all = withNegatives(positive, BigDecimal.ZERO, BigDecimal::negate);
    return Stream.concat(all.stream(), Stream.of(new BigDecimal("0.000"), new BigDecimal("0E9")))
        .toList();
  }

  private static Arbitrary<BigDecimal> decimals() {
    return Combinators.combine(
            Arbitraries.longs().between(-100_000, 100_000), Arbitraries.integers().between(-4, 6))
        .as((unscaled, scale) -> new BigDecimal(BigInteger.valueOf(unscaled), scale));
  }

  // ---- Times ----------------------------------------------------------------------------------

  static List<Subject<?>> times() {
    return List.of(
        subject(LocalDate.class, edgeDates(), dates()),
        subject(LocalTime.class, edgeTimes(), clockTimes()),
        subject(
            LocalDateTime.class,
            combined(edgeDates(), edgeTimes(), LocalDateTime::of),
            Combinators.combine(dates(), clockTimes()).as(LocalDateTime::of)),
        subject(
            Duration.class,
            List.of(
                Duration.ZERO,
                Duration.ofNanos(-1),
                Duration.ofNanos(1),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)),
            Combinators.combine(Arbitraries.longs(), Arbitraries.longs().between(0, 999_999_999L))
                .as(KeySubjects::duration)),
        subject(ZoneOffset.class, edgeOffsets(), offsets()),
        subject(
            OffsetDateTime.class,
            combined(
                combined(edgeDates(), edgeTimes(), LocalDateTime::of),
                edgeOffsets(),
                OffsetDateTime::of),
            Combinators.combine(nearTimes(), offsets()).as(OffsetDateTime::of)),
        subject(
            OffsetTime.class,
            combined(edgeTimes(), edgeOffsets(), OffsetTime::of),
            Combinators.combine(clockTimes(), offsets()).as(OffsetTime::of)),
        subject(
            ZonedDateTime.class,
            combined(
                List.of(
                    LocalDateTime.of(2026, 3, 29, 2, 30), // in a gap
                    LocalDateTime.of(2026, 10, 25, 2, 30), // there twice
                    LocalDateTime.of(-44, 3, 15, 12, 0),
                    LocalDateTime.of(2026, 10, 25, 1, 30)),
                zones(),
                LocalDateTime::atZone),
            Combinators.combine(nearTimes(), Arbitraries.of(zones())).as(LocalDateTime::atZone)),
        subject(
            Year.class,
            List.of(Year.of(Year.MIN_VALUE), Year.of(-1), Year.of(0), Year.of(Year.MAX_VALUE)),
            Arbitraries.integers().between(-3000, 3000).map(Year::of)),
        subject(
            YearMonth.class,
            List.of(
                YearMonth.of(Year.MIN_VALUE, 1),
                YearMonth.of(-1, 12),
                YearMonth.of(0, 1),
                YearMonth.of(Year.MAX_VALUE, 12)),
            dates().map(YearMonth::from)),
        subject(
            MonthDay.class,
            List.of(MonthDay.of(1, 1), MonthDay.of(2, 29), MonthDay.of(12, 31)),
            dates().map(MonthDay::from)),
        subject(Month.class, List.of(Month.values()), Arbitraries.of(Month.class)),
        subject(DayOfWeek.class, List.of(DayOfWeek.values()), Arbitraries.of(DayOfWeek.class)));
  }

  private static <K> Subject<K> subject(Class<K> type, List<K> edges, Arbitrary<K> keys) {
    return new Subject<>(KeyCodecs.of(type), edges, keys);
  }

  private static <A, B, R> List<R> combined(List<A> as, List<B> bs, BiFunction<A, B, R> together) {
    return as.stream().flatMap(a -> bs.stream().map(b -> together.apply(a, b))).toList();
  }

  private static Duration duration(long seconds, long nanos) {
    return Duration.ofSeconds(seconds).plusNanos(seconds == Long.MAX_VALUE ? 0 : nanos);
  }

  private static List<LocalDate> edgeDates() {
    return List.of(
        LocalDate.MIN,
        LocalDate.MAX,
        LocalDate.EPOCH,
        LocalDate.of(0, 1, 1),
        LocalDate.of(-1, 12, 31),
        LocalDate.of(-44, 3, 15),
        LocalDate.of(2024, 2, 29),
        LocalDate.of(9999, 12, 31));
  }

  private static Arbitrary<LocalDate> dates() {
    return Arbitraries.longs().between(-1_000_000, 1_000_000).map(LocalDate::ofEpochDay);
  }

  private static List<LocalTime> edgeTimes() {
    return List.of(LocalTime.MIN, LocalTime.MAX, LocalTime.NOON, LocalTime.ofNanoOfDay(1L << 32));
  }

  private static Arbitrary<LocalTime> clockTimes() {
    return Arbitraries.longs().between(0, LocalTime.MAX.toNanoOfDay()).map(LocalTime::ofNanoOfDay);
  }

  /** Few hours, so that the same instant with several offsets is frequent. */
  private static Arbitrary<LocalDateTime> nearTimes() {
    return Arbitraries.integers()
        .between(-6, 6)
        .map(hours -> LocalDateTime.of(2026, 10, 25, 2, 30).plusHours(hours));
  }

  private static List<ZoneOffset> edgeOffsets() {
    return List.of(
        ZoneOffset.MIN, ZoneOffset.MAX, ZoneOffset.UTC, ZoneOffset.ofHoursMinutesSeconds(0, 0, -1));
  }

  private static Arbitrary<ZoneOffset> offsets() {
    return Arbitraries.integers().between(-5, 5).map(ZoneOffset::ofHours);
  }

  private static List<ZoneId> zones() {
    return List.of(
        ZoneId.of("Europe/Berlin"),
        ZoneId.of("Europe/Paris"),
        ZoneId.of("UTC"),
        ZoneOffset.UTC,
        ZoneId.of("UTC+02:00"),
        ZoneOffset.ofHours(2));
  }

  // ---- Several together -----------------------------------------------------------------------

  static final KeyCodec<Place> PLACE =
      KeyCodecs.record(
          Place.class,
          Map.of(
              "year",
              KeyCodecs.INTEGER.reversed(),
              "city",
              KeyCodecs.nullsFirst(KeyCodecs.STRING_IGNORING_CASE)));

  static List<Subject<?>> composed() {
    List<String> strings = KeyCodecsTest.EDGE_STRINGS;
    List<Place> places =
        combined(
            combined(strings.subList(0, 8), List.of(-1, 0, 1), (a, b) -> new Place(a, b, null)),
            Arrays.asList(null, "", "a", "B"),
            (place, city) -> new Place(place.country(), place.year(), city));
    Arbitrary<String> anyString = KeyCodecsTest.strings();
    Arbitrary<Place> anyPlace =
        Combinators.combine(anyString, Arbitraries.integers().between(-2, 2), anyString)
            .as(Place::new);
    return List.of(
        new Subject<>(PLACE, places, anyPlace),
        new Subject<>(
            KeyCodecs.record(
                Visit.class,
                Map.of("place", PLACE.reversed(), "price", KeyCodecs.BIG_DECIMAL.reversed())),
            combined(
                places.subList(0, 12),
                List.of(new BigDecimal("1.0"), new BigDecimal("-1.01")),
                (place, price) -> new Visit(place, Instant.EPOCH, price)),
            Combinators.combine(anyPlace, KeyCodecsTest.instants(), decimals()).as(Visit::new)),
        new Subject<>(
            KeyCodecs.tuple(KeyCodecs.STRING, KeyCodecs.STRING.reversed()),
            combined(strings, strings.subList(0, 9), Tuple2::new),
            Combinators.combine(anyString, anyString).as(Tuple2::new)),
        new Subject<>(
            KeyCodecs.tuple(KeyCodecs.INTEGER, KeyCodecs.STRING.reversed(), KeyCodecs.BYTE),
            combined(strings, List.of(-1, 0), (b, a) -> new Tuple3<>(a, b, (byte) 0)),
            Combinators.combine(Arbitraries.of(0, 1), anyString, Arbitraries.bytes())
                .as(Tuple3::new)),
        new Subject<>(
            KeyCodecs.tuple(
                KeyCodecs.BOOLEAN,
                KeyCodecs.LONG,
                KeyCodecs.of(LocalDate.class),
                KeyCodecs.of(DayOfWeek.class)),
            combined(
                edgeDates(),
                List.of(false, true),
                (date, flag) -> new Tuple4<>(flag, 1L, date, date.getDayOfWeek())),
            Combinators.combine(
                    Arbitraries.of(false, true),
                    Arbitraries.longs().between(-2, 2),
                    dates(),
                    Arbitraries.of(DayOfWeek.class))
                .as(Tuple4::new)));
  }
}
