package dev.backfill.emulator.http;

import dev.backfill.emulator.KeyRights;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated request on its way to an endpoint.
 *
 * @param number the request's number in the ledger
 * @param method for example {@code timeseries.get_range}
 * @param fault the fault that strikes it, if any
 */
record Call(
    long number,
    String method,
    Params params,
    String key,
    KeyRights rights,
    @Nullable Fault fault,
    Request request,
    Response response,
    Callback callback) {

  boolean struckBy(Fault.Kind kind) {
    return fault != null && fault.kind() == kind;
  }

  BilledLedger.Entry entry(long bytes, long records, int status) {
    return new BilledLedger.Entry(
        number,
        method,
        BilledLedger.mask(key),
        params.text("schema", ""),
        params.text("symbols", ""),
        params.text("start", params.text("start_date", "")),
        params.text("end", params.text("end_date", "")),
        bytes,
        records,
        status);
  }

  /** The symbols as asked for, for faults that strike by symbol. */
  static List<String> symbols(Params params) {
    return params.list("symbols", "");
  }
}
