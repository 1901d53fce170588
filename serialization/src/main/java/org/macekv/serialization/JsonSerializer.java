package org.macekv.serialization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Objects;

/**
 * Values as JSON in UTF-8, by Jackson: longer and slower than the other forms, and readable by
 * everything. For this {@code com.fasterxml.jackson.core:jackson-databind} has to be among your own
 * dependencies. What changes of a class are read is Jackson's business: properties that are missing
 * have their defaults, those that are unknown are skipped. Thread-safe.
 *
 * @param <T> the type of the values
 */
public final class JsonSerializer<T> implements Serializer<T> {
  private final Class<T> type;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  private JsonSerializer(Class<T> type, ObjectMapper mapper) {
    this.type = type;
    this.reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.writer = mapper.writerFor(type);
  }

  /** With Jackson's defaults, but that unknown properties are skipped. */
  public static <T> JsonSerializer<T> of(Class<T> type) {
    return of(
        type,
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
  }

  /**
   * With a mapper of your own, which is not to be changed afterwards. It decides which classes are
   * made of what the bytes say: default typing lets hostile bytes make any.
   */
  @SuppressWarnings("exports") // Jackson's module is required by those who use this, and only them
  public static <T> JsonSerializer<T> of(Class<T> type, ObjectMapper mapper) {
    return new JsonSerializer<>(
        Objects.requireNonNull(type, "type"), Objects.requireNonNull(mapper, "mapper"));
  }

  @Override
  public byte[] serialize(T value) {
    if (!type.isInstance(Objects.requireNonNull(value, "value"))) {
      throw new ClassCastException(value.getClass().getName() + " is no " + type.getName());
    }
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new SerializationException(
          "cannot write a value of " + type.getName() + " as JSON: " + e.getOriginalMessage(), e);
    } catch (StackOverflowError e) {
      throw new SerializationException(
          "cannot write a value of " + type.getName() + " as JSON: it is nested too deeply", e);
    }
  }

  /**
   * Nested at most {@value StreamReadConstraints#DEFAULT_MAX_DEPTH} deep, with Jackson's defaults.
   */
  @Override
  public T deserialize(byte[] bytes) {
    T value;
    try {
      value = reader.readValue(bytes);
    } catch (JsonProcessingException e) {
      throw unreadable(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw unreadable("it is nested too deeply", e);
    }
    if (value == null) {
      throw new SerializationException("cannot read a value of " + type.getName() + ": null");
    }
    return value;
  }

  private SerializationException unreadable(String message, Throwable cause) {
    return new SerializationException(
        "cannot read a value of " + type.getName() + " from JSON: " + message, cause);
  }

  @Override
  public String id() {
    return "json(" + type.getName() + ")";
  }

  @Override
  public String toString() {
    return id();
  }
}
