package dev.backfill.io.databento;

import dev.backfill.io.databento.OriginLimits.Family;
import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.HttpChannel;
import dev.backfill.io.http.Retrier;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.Sleeper;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service over HTTP. Free calls are tried again as {@link RetryPolicy#forMetadata} says; {@link
 * #getRange} is one attempt. All clients of one process and service share its rate limits and its
 * connections. Safe for use by several threads; not serializable: made from {@link ApiOptions} on
 * the worker, once for a process.
 */
public final class HttpHistoricalClient implements HistoricalClient {
  private static final Logger LOG = LoggerFactory.getLogger(HttpHistoricalClient.class);
  private static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  private final ApiOptions options;
  private final HttpCalls calls;
  private final Retrier retrier;

  private HttpHistoricalClient(ApiOptions options, HttpCalls calls, Retrier retrier) {
    this.options = options;
    this.calls = calls;
    this.retrier = retrier;
  }

  /** A client that really waits. See {@link #connect(ApiOptions, Sleeper, Clock)}. */
  public static HttpHistoricalClient connect(ApiOptions options) {
    return connect(options, Sleeper.SYSTEM, Clock.systemUTC());
  }

  /**
   * Makes a client: reads the key, the CA file and the proxies of the environment. Sends nothing.
   *
   * @throws ApiSettingsException if one of them is missing or wrong; the message says what to do
   *     and shows no secret
   */
  public static HttpHistoricalClient connect(ApiOptions options, Sleeper sleeper, Clock clock) {
    return connect(options, sleeper, clock, System::getenv);
  }

  static HttpHistoricalClient connect(
      ApiOptions options,
      Sleeper sleeper,
      Clock clock,
      UnaryOperator<@Nullable String> environment) {
    ApiKey key = options.keySource().read(environment);
    HttpChannel channel = HttpChannel.open(options.http(), environment);
    OriginLimits limits = OriginLimits.of(channel.origin(), options.limitShare());
    return new HttpHistoricalClient(
        options,
        new HttpCalls(key, channel, limits, sleeper, clock),
        new Retrier(RetryPolicy.forMetadata(), sleeper, clock));
  }

  @Override
  public Origin origin() throws IOException {
    String what = "GET /v0/";
    return retrier.run(
        what,
        attempt ->
            Answers.origin(
                JsonAnswer.of(what, calls.getAnonymously(what, "/v0/")), options.http().origin()));
  }

  @Override
  public DatasetRange datasetRange(String dataset) throws IOException {
    return metadata(
        "get_dataset_range",
        dataset,
        new FormFields().add("dataset", dataset),
        Answers::datasetRange);
  }

  @Override
  public List<DayCondition> datasetCondition(String dataset, LocalDate first, LocalDate last)
      throws IOException {
    FormFields fields =
        new FormFields()
            .add("dataset", dataset)
            .add("start_date", first.toString())
            .add("end_date", last.toString());
    return metadata("get_dataset_condition", dataset, fields, Answers::conditions);
  }

  @Override
  public Map<String, Double> unitPrices(String dataset) throws IOException {
    return metadata(
        "list_unit_prices",
        dataset,
        new FormFields().add("dataset", dataset),
        Answers::streamingPrices);
  }

  @Override
  public long recordCount(Query query) throws IOException {
    return metadata("get_record_count", query, JsonAnswer::nonNegativeLong);
  }

  @Override
  public long billableSize(Query query) throws IOException {
    return metadata("get_billable_size", query, JsonAnswer::nonNegativeLong);
  }

  @Override
  public double cost(Query query) throws IOException {
    return metadata("get_cost", query, JsonAnswer::nonNegativeDouble);
  }

  @Override
  public Resolution resolve(
      String dataset,
      List<String> symbols,
      String stypeIn,
      String stypeOut,
      LocalDate startDate,
      LocalDate endDate)
      throws IOException {
    FormFields fields =
        new FormFields()
            .add("dataset", dataset)
            .symbols(symbols)
            .add("stype_in", stypeIn)
            .add("stype_out", stypeOut)
            .add("start_date", startDate.toString())
            .add("end_date", endDate.toString());
    String what = "symbology.resolve of " + dataset + " " + some(symbols);
    return retrier.run(
        what,
        attempt ->
            Answers.resolution(
                JsonAnswer.of(
                    what,
                    calls.post(what, Family.SYMBOLOGY, "/v0/symbology.resolve", fields, JSON))));
  }

  @Override
  public Answer getRange(Query query) throws IOException {
    return getRange(query, () -> {});
  }

  @Override
  public Answer getRange(Query query, Sending sending) throws IOException {
    FormFields fields =
        FormFields.of(query)
            .add("stype_out", "instrument_id")
            .add("encoding", "dbn")
            .add("compression", "zstd");
    String what = rangeCall(query);
    return calls.post(what, Family.TIMESERIES, "/v0/timeseries.get_range", fields, BYTES, sending);
  }

  @Override
  public void close() {
    try {
      calls.close();
    } catch (IOException e) {
      LOG.debug("The connections to {} did not close quietly", options.url(), e);
    }
  }

  private <T> T metadata(String method, String dataset, FormFields fields, Decoder<T> decoder)
      throws IOException {
    String what = "metadata." + method + " of " + dataset;
    String path = "/v0/metadata." + method;
    return retrier.run(
        what,
        attempt ->
            decoder.decode(JsonAnswer.of(what, calls.get(what, Family.METADATA, path, fields))));
  }

  private <T> T metadata(String method, Query query, Decoder<T> decoder) throws IOException {
    String what = "metadata." + method + about(query);
    String path = "/v0/metadata." + method;
    FormFields fields = FormFields.of(query);
    return retrier.run(
        what,
        attempt ->
            decoder.decode(
                JsonAnswer.of(what, calls.post(what, Family.METADATA, path, fields, JSON))));
  }

  /** How messages name the call that gets a range. */
  static String rangeCall(Query query) {
    return "timeseries.get_range" + about(query);
  }

  private static String about(Query query) {
    return " of " + query.dataset() + " " + query.schema() + " " + some(query.symbols());
  }

  private static String some(List<String> symbols) {
    return symbols.size() == 1 ? symbols.get(0) : symbols.size() + " symbols";
  }

  /** From an answer's JSON to its value. */
  @FunctionalInterface
  private interface Decoder<T> {
    T decode(JsonAnswer answer) throws IOException;
  }
}
