package dev.backfill.pipelines.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * A Kubernetes CronJob for each job. Immutable.
 *
 * @param entries the jobs
 * @param secrets what the commands find in their environment
 * @param image the container's image, which has the program
 * @param volumes where the commands find their files
 */
public record CronJobs(List<Entry> entries, Secrets secrets, String image, List<Volume> volumes) {
  /**
   * A volume.
   *
   * @param name of it, and of its claim after {@code backfill-}
   * @param path where it is mounted
   */
  public record Volume(String name, String path) {}

  /** The manifests, for {@code kubectl apply -f -}. */
  public String text() {
    List<String> manifests = new ArrayList<>();
    entries.forEach(entry -> manifests.add(manifest(entry)));
    return String.join("\n---\n", manifests);
  }

  private String manifest(Entry entry) {
    List<String> lines = new ArrayList<>();
    lines.add("# " + entry.name() + ": " + entry.when().words() + ".");
    lines.add("apiVersion: batch/v1");
    lines.add("kind: CronJob");
    lines.add("metadata: {name: " + entry.unit() + "}");
    lines.add("spec:");
    lines.add("  schedule: " + quoted(entry.when().cron()));
    lines.add("  timeZone: Etc/UTC");
    lines.add("  concurrencyPolicy: Forbid # of this job; jobs beside it wait by --wait");
    lines.add("  startingDeadlineSeconds: 1800");
    lines.add("  jobTemplate:");
    lines.add("    spec:");
    lines.add("      backoffLimit: 0 # the next time asks for just what is missing");
    lines.add("      template:");
    lines.add("        spec:");
    lines.add("          restartPolicy: Never");
    lines.add("          containers:");
    lines.add("            - name: backfill");
    lines.add("              image: " + quoted(image));
    lines.add("              command:");
    entry.command().forEach(word -> lines.add("                - " + quoted(word)));
    if (!secrets.isEmpty()) {
      lines.add("              env:");
      secrets.all().forEach(secret -> env(lines, secret));
    }
    if (!volumes.isEmpty()) {
      lines.add("              volumeMounts:");
      volumes.forEach(
          volume ->
              lines.add(
                  "                - {name: "
                      + volume.name()
                      + ", mountPath: "
                      + quoted(volume.path())
                      + "}"));
      lines.add("          volumes:");
      volumes.forEach(volume -> claim(lines, volume));
    }
    return String.join("\n", lines);
  }

  private static void env(List<String> lines, Secrets.Secret secret) {
    lines.add("                - name: " + secret.variable());
    lines.add("                  valueFrom:");
    lines.add(
        "                    secretKeyRef: {name: "
            + secret.secret()
            + ", key: "
            + secret.key()
            + "}");
  }

  private static void claim(List<String> lines, Volume volume) {
    lines.add("            - name: " + volume.name());
    lines.add("              persistentVolumeClaim: {claimName: backfill-" + volume.name() + "}");
  }

  /** A text between double quotes, as YAML and JSON both read it. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
