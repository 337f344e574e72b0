package dev.backfill.pipelines;

import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.pipelines.schedule.CronJobs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a schedule's commands find database and landing: paths from the root, because neither cron
 * nor systemd starts in this folder. Immutable.
 *
 * @param database the file, or {@code md:NAME}
 * @param landing the folder, or its URI
 */
record SchedulePlaces(String database, String landing) {
  /**
   * Checks them.
   *
   * @param isInPod whether they are paths in a pod, of which this machine knows nothing
   */
  static SchedulePlaces of(String db, String landing, boolean isInPod) {
    return new SchedulePlaces(database(db, isInPod), landing(landing, isInPod));
  }

  private static String database(String db, boolean isInPod) {
    if (MotherDuck.isNamed(db)) {
      return MotherDuck.checkName(db);
    }
    return isInPod
        ? inPod("--db", db)
        : DatabaseArgs.check(db).toAbsolutePath().normalize().toString();
  }

  private static String landing(String landing, boolean isInPod) {
    LandingPlace place = LandingArgs.check(landing);
    if (!place.isLocal()) {
      return place.text();
    }
    return isInPod
        ? inPod("--landing", landing)
        : place.path().toAbsolutePath().normalize().toString();
  }

  private static String inPod(String option, String path) {
    Path parsed = Paths.parse(option, path).normalize();
    Path folder = parsed.getParent();
    if (!parsed.isAbsolute() || folder == null) {
      throw new UsageException(
          option + " is a path in the pod, from the root, like /data/my.duckdb, not " + path);
    }
    if (option.equals("--db") && folder.equals(folder.getRoot())) {
      throw new UsageException(
          "--db " + path + " lies in no folder that could be a volume: give one like /data" + path);
    }
    return parsed.toString();
  }

  boolean isRemote() {
    return MotherDuck.isNamed(database);
  }

  private boolean isLandingLocal() {
    return !landing.contains("://");
  }

  /** A folder that is there: the database's, else the landing's, else this one. */
  String folder() {
    String beside = isRemote() ? (isLandingLocal() ? landing : "x") : database;
    Path folder = Path.of(beside).toAbsolutePath().getParent();
    return String.valueOf(folder == null ? Path.of("/") : folder);
  }

  /** What a pod must have mounted for them. */
  List<CronJobs.Volume> volumes() {
    List<CronJobs.Volume> volumes = new ArrayList<>();
    Path data = isRemote() ? null : Path.of(database).getParent();
    if (data != null) {
      volumes.add(new CronJobs.Volume("database", data.toString()));
    }
    boolean isInside = data != null && isLandingLocal() && Path.of(landing).startsWith(data);
    if (isLandingLocal() && !isInside) {
      volumes.add(new CronJobs.Volume("landing", landing));
    }
    return volumes;
  }
}
