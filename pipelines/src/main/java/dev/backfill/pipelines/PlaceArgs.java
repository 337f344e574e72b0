package dev.backfill.pipelines;

import picocli.CommandLine.Mixin;

/** The three places that most commands work between: database, landing and service. */
final class PlaceArgs {
  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private LandingArgs landing = new LandingArgs();
  @Mixin private ServiceArgs service = new ServiceArgs();

  DatabaseArgs database() {
    return database;
  }

  LandingArgs landing() {
    return landing;
  }

  ServiceArgs service() {
    return service;
  }
}
