package org.macekv.examples;

import picocli.CommandLine.ExitCode;

/** A request that can't be fulfilled; the message is for the user, and says what would help. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What was asked for is not there, or is not as it must be. */
  public CommandFailure(String message) {
    this(message, ExitCode.SOFTWARE);
  }

  /**
   * Refuses a number in the command line that is too low.
   *
   * @return the value
   * @throws CommandFailure if it is less than {@code lowest}
   */
  public static int requireAtLeast(int lowest, String option, int value) {
    if (value < lowest) {
      throw new CommandFailure(
          option + " is " + value + ", expected " + lowest + " or more", ExitCode.USAGE);
    }
    return value;
  }

  /** What the process shall end with. */
  public int exitCode() {
    return exitCode;
  }
}
