//! Decodes a zstd DBN file of bars with the official `dbn` crate, record by record, and prints the
//! bars a second of each pass, one a line. Usage: rust-decode FILE PASSES
use dbn::decode::{dbn::Decoder, DecodeRecord};
use dbn::OhlcvMsg;
use std::{env, error::Error, hint::black_box, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().collect();
    let [_, file, passes] = args.as_slice() else {
        return Err("usage: rust-decode FILE PASSES".into());
    };
    for _ in 0..passes.parse()? {
        let start = Instant::now();
        let mut decoder = Decoder::from_zstd_file(file)?;
        let mut bars = 0u64;
        let mut sum = 0u64;
        while let Some(bar) = decoder.decode_record::<OhlcvMsg>()? {
            // Every field is read, as the one that it is compared with does.
            sum = sum
                .wrapping_add(bar.hd.ts_event ^ u64::from(bar.hd.instrument_id))
                .wrapping_add(u64::from(bar.hd.publisher_id))
                .wrapping_add((bar.open ^ bar.high) as u64)
                .wrapping_add((bar.low ^ bar.close) as u64)
                .wrapping_add(bar.volume);
            bars += 1;
        }
        black_box(sum);
        println!("{:.0}", bars as f64 / start.elapsed().as_secs_f64());
    }
    Ok(())
}
