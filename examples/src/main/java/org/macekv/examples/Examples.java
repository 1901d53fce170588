package org.macekv.examples;

import java.io.PrintStream;
import org.macekv.error.MaceException;
import org.macekv.examples.atlas.JdkAtlasCommand;
import org.macekv.examples.bank.BankCommand;
import org.macekv.examples.exchange.ExchangeCommand;
import org.macekv.examples.hello.HelloCommand;
import org.macekv.examples.sessions.SessionsCommand;
import org.macekv.examples.unicode.UnicodeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The command line of the examples. */
@Command(
    name = "mace-examples",
    description = "Programs that do real work on a Mace store.",
    mixinStandardHelpOptions = true,
    version = "Mace for Java, examples",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:not found, or refused; the message says why",
      "2:a mistake in the command line",
      "3:a defect of the program"
    })
public final class Examples {
  private static final int DEFECT = 3;

  private Examples() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int exitCode = commandLine(System.out, System.err).execute(arguments);
    System.exit(exitCode);
  }

  /** The command line, with its output going to {@code out} and its errors to {@code err}. */
  public static CommandLine commandLine(PrintStream out, PrintStream err) {
    CommandLine line =
        new CommandLine(new Examples())
            .addSubcommand(new HelloCommand())
            .addSubcommand(new BankCommand(out))
            .addSubcommand(new ExchangeCommand(out))
            .addSubcommand(new UnicodeCommand(out))
            .addSubcommand(new SessionsCommand(out))
            .addSubcommand(new JdkAtlasCommand(out));
    line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, err));
    return line;
  }

  private static int report(Exception failure, PrintStream err) {
    if (failure instanceof CommandFailure || failure instanceof MaceException) {
      err.println("error: " + failure.getMessage());
      return failure instanceof CommandFailure refused ? refused.exitCode() : ExitCode.SOFTWARE;
    }
    failure.printStackTrace(err);
    return DEFECT;
  }
}
