package org.macekv.collections;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import org.jspecify.annotations.Nullable;

/**
 * Finds the type of a property. The compiler gives each serializable method reference and lambda
 * expression a form in which it is serialized, and this names its types; serialization is asked for
 * that form, which needs no access to the caller's package.
 */
final class PropertyType {
  private PropertyType() {}

  /**
   * The type, boxed if it is primitive.
   *
   * @throws IllegalArgumentException if it can't be told
   */
  @SuppressWarnings("unchecked") // it is what the compiler found for R
  static <R> Class<R> of(Property<?, R> property) {
    try (Capture capture = new Capture()) {
      capture.writeObject(property);
      SerializedLambda form = capture.form;
      if (form != null) {
        ClassLoader loader = property.getClass().getClassLoader();
        return (Class<R>)
            MethodType.fromMethodDescriptorString(form.getInstantiatedMethodType(), loader)
                .wrap()
                .returnType();
      }
    } catch (IOException | TypeNotPresentException e) {
      throw unknown(e);
    }
    throw unknown(null);
  }

  private static IllegalArgumentException unknown(@Nullable Throwable cause) {
    return new IllegalArgumentException(
        "the type of a property can be told from a method reference (User::email) or a lambda"
            + " expression alone; of others give it",
        cause);
  }

  /** Keeps the serialized form, and writes nothing. */
  private static final class Capture extends ObjectOutputStream {
    private @Nullable SerializedLambda form;

    Capture() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (object instanceof SerializedLambda found) {
        form = found;
      }
      return null; // so that what it has captured is not looked at
    }
  }
}
