package dev.backfill.pipelines;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out test classes wherever a build puts them. */
final class WithoutTestFolders implements ImportOption {
  @Override
  public boolean includes(Location location) {
    return !location.contains("-test/") && !location.contains("/test-classes/");
  }
}
