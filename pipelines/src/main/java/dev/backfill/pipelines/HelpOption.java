package dev.backfill.pipelines;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Gives every command {@code --help}, and the first one {@code --version}. */
final class HelpOption {
  private HelpOption() {}

  static void addTo(CommandLine cli) {
    cli.getCommandSpec().addOption(help());
    cli.getCommandSpec()
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .type(boolean.class)
                .arity("0")
                .description("Print the version and exit.")
                .build());
    cli.getSubcommands().values().forEach(c -> c.getCommandSpec().addOption(help()));
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .type(boolean.class)
        .arity("0")
        .description("Show this help and exit.")
        .build();
  }
}
