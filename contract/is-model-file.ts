const extension =
  /\.(pkl|pickle|joblib|skops|pt|pth|ckpt|onnx|safetensors|keras|h5|ubj|bst|cbm|tflite|gguf|mlmodel)$/i;
const wholeName = /(^|[/_.-])(model|fit)\.(json|txt|rds|rdata|jls|jld2|bson|bin)$/i;

/** True for a file that holds a trained model, by the name that libraries give to theirs. */
export const isModelFile = (path: string): boolean => extension.test(path) || wholeName.test(path);

/** True for the file with which MLflow says what the model beside it is. */
export const isModelDescription = (path: string): boolean => /(^|\/)MLmodel$/.test(path);
