package dev.backfill.io.databento;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Databento Historical API, one method an endpoint, with the endpoint's own name. Times are UTC
 * nanoseconds, start inclusive, end exclusive.
 *
 * <p>{@link #getRange} costs money each time it is called; everything else is free. Implementations
 * are safe for use by several threads.
 */
public interface HistoricalClient extends AutoCloseable {
  /**
   * What is asked of the data endpoints.
   *
   * @param symbols at most 2,000
   */
  record Query(
      String dataset,
      String schema,
      String stypeIn,
      List<String> symbols,
      long startNs,
      long endNs) {
    /** Copies the list. */
    public Query {
      symbols = List.copyOf(symbols);
    }

    /** The same of other symbols. */
    public Query withSymbols(List<String> others) {
      return new Query(dataset, schema, stypeIn, others, startNs, endNs);
    }
  }

  /** What the service has of a dataset or schema, and this key may have: [startNs, endNs). */
  record Range(long startNs, long endNs) {}

  /** The ranges of a dataset: its own, and those of its schemas by name. */
  record DatasetRange(Range whole, Map<String, Range> schemas) {
    /** The range of a schema; the dataset's own where the service does not tell. */
    public Range of(String schema) {
      return schemas.getOrDefault(schema, whole);
    }
  }

  /** The service's word on one day: available, degraded, pending or missing. */
  record DayCondition(LocalDate date, String condition, @Nullable LocalDate lastModified) {}

  /** One dated mapping: from startDate (inclusive) to endDate (exclusive) the symbol is this. */
  record Mapped(LocalDate startDate, LocalDate endDate, String symbol) {}

  /** The answer of symbology.resolve. */
  record Resolution(
      Map<String, List<Mapped>> result, List<String> partial, List<String> notFound) {}

  /**
   * Who answers at the API url: the real service, or an emulator that says so.
   *
   * @param origin {@code emulator:<market>:<seed>} for an emulator, else scheme and host
   */
  record Origin(String origin) {}

  /** The body of a data answer, to be read to its end and closed. */
  interface Answer extends AutoCloseable {
    /** The bytes as they come; a body that ends early throws. */
    InputStream body();

    /** The service's id of the request; empty when it sent none. */
    String requestId();

    /** The texts of the X-Warning header. */
    List<String> warnings();

    @Override
    void close() throws IOException;
  }

  /** Asks {@code GET /v0/} who is there, without sending the key. */
  Origin origin() throws IOException;

  /** metadata.get_dataset_range. */
  DatasetRange datasetRange(String dataset) throws IOException;

  /** metadata.get_dataset_condition; both dates inclusive, as the service has them. */
  List<DayCondition> datasetCondition(String dataset, LocalDate first, LocalDate last)
      throws IOException;

  /** metadata.get_record_count. Exact only for ranges on multiples of ten minutes. */
  long recordCount(Query query) throws IOException;

  /** metadata.get_billable_size, in bytes. */
  long billableSize(Query query) throws IOException;

  /** metadata.get_cost, in US dollars; 0 for what the account's plan includes. */
  double cost(Query query) throws IOException;

  /**
   * metadata.list_unit_prices for historical streaming, US dollars per GB by schema; empty where
   * the service names no such prices.
   */
  Map<String, Double> unitPrices(String dataset) throws IOException;

  /**
   * symbology.resolve; dates are UTC, start inclusive, end exclusive.
   *
   * @param stypeOut instrument_id or raw_symbol
   */
  Resolution resolve(
      String dataset,
      List<String> symbols,
      String stypeIn,
      String stypeOut,
      LocalDate startDate,
      LocalDate endDate)
      throws IOException;

  /**
   * timeseries.get_range as DBN in zstd. <b>Billed for the bytes sent, every time.</b> One attempt:
   * whoever calls it decides on another, because another is another bill.
   *
   * @throws DatabentoApiException if the service refuses
   */
  Answer getRange(Query query) throws IOException;

  /** Is told when a request's turn has come, right before it is sent. */
  @FunctionalInterface
  interface Sending {
    /** The request is sent once this has returned. */
    void now() throws IOException;
  }

  /**
   * {@link #getRange(Query)}, for who must note what is sent, but not what only waits for a turn.
   */
  default Answer getRange(Query query, Sending sending) throws IOException {
    sending.now();
    return getRange(query);
  }

  @Override
  void close();
}
