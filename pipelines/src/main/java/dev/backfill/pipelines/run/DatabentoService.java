package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** Databento, as a run asks it. */
final class DatabentoService implements RunService {
  private final HistoricalClient client;

  DatabentoService(ApiOptions api) {
    this.client = HttpHistoricalClient.connect(api);
  }

  @Override
  public String origin() throws IOException {
    return client.origin().origin();
  }

  @Override
  public Interval available(Job job) throws IOException {
    HistoricalClient.Range has = client.datasetRange(job.dataset()).of(job.schema());
    return new Interval(has.startNs(), has.endNs());
  }

  @Override
  public PlanScope.Choice choose(PlanScope scope, PlanScope.Facts facts) throws IOException {
    return scope.choose(facts);
  }

  @Override
  public List<HistoricalClient.DayCondition> changes(
      String dataset, LocalDate first, LocalDate last) throws IOException {
    return client.datasetCondition(dataset, first, last);
  }

  @Override
  public PlanPricer.Price price(List<Chunk> toAsk) throws IOException {
    return new PlanPricer(client).price(toAsk);
  }

  @Override
  public DayConditions conditions(PricedPlan plan) throws IOException {
    return DayConditions.ask(client, plan);
  }

  @Override
  public void adopt(RunContext run, String origin) throws IOException {
    OrphanedAnswers.adopt(run, client, origin);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
