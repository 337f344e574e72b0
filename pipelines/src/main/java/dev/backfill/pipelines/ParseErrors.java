package dev.backfill.pipelines;

import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence what is wrong with a command line. */
final class ParseErrors {
  private ParseErrors() {}

  static UsageException sentence(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String help = " See " + command.getCommandSpec().qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      return new UsageException(unmatched(command, unmatched.getUnmatched().get(0)) + help, e);
    }
    if (e instanceof OverwrittenOptionException twice) {
      return new UsageException(
          ((CommandLine.Model.OptionSpec) twice.getOverwritten()).longestName()
              + " is given twice."
              + help,
          e);
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return new UsageException(missing(missing.getMissing().get(0)) + help, e);
    }
    return new UsageException(withFullStop(String.valueOf(e.getMessage())) + help, e);
  }

  private static String unmatched(CommandLine command, String text) {
    if (text.startsWith("-")) {
      String name = text.contains("=") ? text.substring(0, text.indexOf('=')) : text;
      return "Unknown option "
          + name
          + Nearest.hint(name, new TreeSet<>(command.getCommandSpec().optionsMap().keySet()));
    }
    List<String> commands = commands(command);
    return commands.isEmpty()
        ? "Unexpected argument " + text + "."
        : "Unknown command "
            + text
            + Nearest.hint(text, commands)
            + " Commands: "
            + String.join(", ", commands)
            + ".";
  }

  /** The commands that help shows. */
  static List<String> commands(CommandLine command) {
    return command.getSubcommands().values().stream()
        .filter(c -> !c.getCommandSpec().usageMessage().hidden())
        .map(CommandLine::getCommandName)
        .toList();
  }

  private static String missing(CommandLine.Model.ArgSpec arg) {
    return arg.isOption()
        ? ((CommandLine.Model.OptionSpec) arg).longestName() + " needs a value."
        : arg.paramLabel() + " is missing: " + String.join(" ", arg.description());
  }

  private static String withFullStop(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}
