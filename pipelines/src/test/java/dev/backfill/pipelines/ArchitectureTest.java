package dev.backfill.pipelines;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the rooms: schemas, io, transforms, pipelines; the emulator stands outside.
 */
@AnalyzeClasses(
    packages = "dev.backfill",
    importOptions = {ImportOption.DoNotIncludeTests.class, WithoutTestFolders.class})
class ArchitectureTest {
  private static final String BEAM = "org.apache.beam..";

  @ArchTest
  static final ArchRule ROOMS_KNOW_ONLY_WHAT_STANDS_BEFORE_THEM =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("schemas")
          .definedBy("dev.backfill.schemas..")
          .layer("io")
          .definedBy("dev.backfill.io..")
          .layer("transforms")
          .definedBy("dev.backfill.transforms..")
          .layer("pipelines")
          .definedBy("dev.backfill.pipelines..")
          .layer("emulator")
          .definedBy("dev.backfill.emulator..")
          .whereLayer("schemas")
          .mayNotAccessAnyLayer()
          .whereLayer("io")
          .mayOnlyAccessLayers("schemas")
          .whereLayer("transforms")
          .mayOnlyAccessLayers("schemas", "io")
          .whereLayer("emulator")
          .mayOnlyAccessLayers("schemas", "io")
          .whereLayer("pipelines")
          .mayOnlyAccessLayers("schemas", "io", "transforms", "emulator");

  @ArchTest
  static final ArchRule SCHEMAS_KNOW_NEITHER_BEAM_NOR_OUTSIDE_SYSTEMS =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.schemas..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BEAM, "org.duckdb..", "java.sql..", "java.net..", "com.google.api.client..");

  @ArchTest
  static final ArchRule THE_CODEC_KNOWS_BYTES_ONLY =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.io.dbn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              BEAM,
              "java.net..",
              "com.google.api.client..",
              "org.duckdb..",
              "dev.backfill.io.databento..",
              "dev.backfill.io.landing..",
              "dev.backfill.io.duckdb..");

  @ArchTest
  static final ArchRule THE_WRITER_KNOWS_NEITHER_THE_SERVICE_NOR_ITS_BYTES =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.io.duckdb..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.backfill.io.databento..", "dev.backfill.io.dbn..");

  @ArchTest
  static final ArchRule WHAT_CLIENTS_SHARE_KNOWS_NO_SERVICE =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.io.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.backfill.io.databento..",
              "dev.backfill.io.fred..",
              "dev.backfill.io.landing..",
              "dev.backfill.io.dbn..",
              "dev.backfill.schemas..");

  @ArchTest
  static final ArchRule FRED_DOES_NOT_KNOW_DATABENTO =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.io.fred..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.backfill.io.databento..");

  /** What the command line loads before it knows the command must start without Beam. */
  @ArchTest
  static final ArchRule THE_COMMAND_LINE_STARTS_WITHOUT_BEAM =
      noClasses()
          .that()
          .resideInAPackage("dev.backfill.pipelines")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BEAM);

  @ArchTest
  static final ArchRule LOGGERS_ARE_NOT_SYSTEM_OUT =
      classes()
          .that()
          .resideInAnyPackage(
              "dev.backfill.schemas..", "dev.backfill.io..", "dev.backfill.transforms..")
          .should(
              com.tngtech.archunit.lang.conditions.ArchConditions.not(
                  com.tngtech.archunit.lang.conditions.ArchConditions.accessField(
                      System.class, "out")));
}
