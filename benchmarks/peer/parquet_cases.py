"""Makes the Parquet files that ParquetRowsTest reads, in the present folder: python parquet_cases.py (pyarrow 14 or later)."""
import pyarrow as pa
import pyarrow.parquet as pq

two = pa.table({"instruction": ["Who?", "Why?"], "input": pa.array([None, ""], pa.string()), "output": ['Ada, "Countess"', "So."]})
for compression in ["none", "snappy", "zstd", "gzip"]:
    pq.write_table(two, f"two-{compression}.parquet", compression=compression)
turn = pa.struct([("role", pa.string()), ("content", pa.string())])
chat = [[{"role": "user", "content": "Who?"}, {"role": "assistant", "content": 'Ada, "Countess"'}], [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]]
pq.write_table(pa.table({"messages": pa.array(chat, pa.list_(turn)), "id": [1, 2]}), "chat.parquet", compression="snappy")
# 1.2 billion characters that pack to 38 kB
pq.write_table(pa.table({"prompt": ["x" * 20_000_000] * 60}), "bomb.parquet", compression="zstd", use_dictionary=False, data_page_size=1 << 20, write_statistics=False)
