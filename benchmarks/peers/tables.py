"""Parquet out, and scikit-learn's scaler and PCA, for the peers that have none of their own."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from common import label_of


def write_vectors(folder, name, paths, vectors):
    """path, label and a list<float> column; zstd, as Pomona writes."""
    folder.mkdir(parents=True, exist_ok=True)
    flat = pa.array(np.ascontiguousarray(vectors, np.float32).reshape(-1))
    offsets = pa.array(np.arange(len(paths) + 1, dtype=np.int32) * vectors.shape[1])
    columns = {
        "path": pa.array(paths),
        "label": pa.array([label_of(path) for path in paths]),
        name: pa.ListArray.from_arrays(offsets, flat),
    }
    pq.write_table(pa.table(columns), folder / "part-00000.parquet", compression="zstd")


def scale_and_project(features, components):
    """StandardScaler and PCA. `covariance_eigh` is the fastest of scikit-learn's solvers for many rows; it
    needs no copy of the data but one."""
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler(copy=False).fit_transform(features)
    return PCA(min(components, *scaled.shape), svd_solver="covariance_eigh").fit_transform(scaled)


def read_vectors(folder, name):
    """Back from Parquet, as one array, with the paths."""
    table = pq.read_table(folder, columns=["path", name])
    vectors = table[name].combine_chunks()
    if isinstance(vectors, pa.ExtensionArray):  # Ray writes tensors
        vectors = vectors.storage
    return table["path"].to_pylist(), vectors.flatten().to_numpy().reshape(table.num_rows, -1)
