package org.macekv.examples.hello;

import picocli.CommandLine.Command;

/** Runs {@link Hello}. */
@Command(
    name = "hello",
    description = "Counts its own runs in ./hello-store.",
    mixinStandardHelpOptions = true)
public final class HelloCommand implements Runnable {
  /** Creates the command. */
  public HelloCommand() {}

  @Override
  public void run() {
    Hello.main(new String[0]);
  }
}
