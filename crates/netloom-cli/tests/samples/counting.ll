; Programs of routes that share a map, a constant and a function. Made by: llc-14 -march=bpfel -filetype=obj counting.ll -o counting.o
target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"
target triple = "bpf"
%map = type { [2 x i32]*, i32*, i64*, [2 x i32]* }
@counters = dso_local global %map zeroinitializer, section ".maps", align 8, !dbg !20
@verdict = dso_local constant i32 2, align 4, !dbg !30
@LIC = dso_local global [4 x i8] c"GPL\00", section "license", align 1
@llvm.used = appending global [4 x i8*] [i8* getelementptr inbounds ([4 x i8], [4 x i8]* @LIC, i32 0, i32 0), i8* bitcast (%map* @counters to i8*), i8* bitcast (i32 (i8*)* @count_all to i8*), i8* bitcast (i32 (i8*)* @count_and_drop to i8*)], section "llvm.metadata"
; Counts a packet in the first entry, and lets it go on.
define dso_local i32 @count_all(i8* %ctx) section "count" !dbg !7 {
  %r = call i32 @bump(i32 0), !dbg !11
  ret i32 0, !dbg !11
}
; Counts a packet in the second entry, and drops it.
define dso_local i32 @count_and_drop(i8* %ctx) section "drop" !dbg !40 {
  %r = call i32 @bump(i32 1), !dbg !41
  %v = load volatile i32, i32* @verdict, align 4, !dbg !41
  ret i32 %v, !dbg !41
}
define internal i32 @bump(i32 %entry) noinline !dbg !12 {
  %key = alloca i32, align 4
  store i32 %entry, i32* %key, align 4, !dbg !13
  %k = bitcast i32* %key to i8*
  %v = call i8* inttoptr (i64 1 to i8* (i8*, i8*)*)(i8* bitcast (%map* @counters to i8*), i8* %k), !dbg !13
  %none = icmp eq i8* %v, null, !dbg !13
  br i1 %none, label %out, label %there, !dbg !13
there:
  %p = bitcast i8* %v to i64*
  %old = atomicrmw add i64* %p, i64 1 seq_cst, !dbg !13
  br label %out, !dbg !13
out:
  ret i32 0, !dbg !13
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!3, !4}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, producer: "x", isOptimized: true, runtimeVersion: 0, emissionKind: FullDebug, enums: !2, globals: !50)
!1 = !DIFile(filename: "counting.c", directory: "/tmp")
!2 = !{}
!3 = !{i32 2, !"Dwarf Version", i32 4}
!4 = !{i32 2, !"Debug Info Version", i32 3}
!5 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!6 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: null, size: 64)
!7 = distinct !DISubprogram(name: "count_all", scope: !1, file: !1, line: 3, type: !8, isLocal: false, isDefinition: true, scopeLine: 3, isOptimized: true, unit: !0, retainedNodes: !60)
!8 = !DISubroutineType(types: !9)
!9 = !{!5, !6}
!10 = !DISubroutineType(types: !14)
!11 = !DILocation(line: 3, scope: !7)
!12 = distinct !DISubprogram(name: "bump", scope: !1, file: !1, line: 9, type: !10, isLocal: true, isDefinition: true, scopeLine: 9, isOptimized: true, unit: !0, retainedNodes: !64)
!13 = !DILocation(line: 9, scope: !12)
!14 = !{!5, !5}
!20 = !DIGlobalVariableExpression(var: !21, expr: !DIExpression())
!21 = distinct !DIGlobalVariable(name: "counters", scope: !0, file: !1, line: 1, type: !22, isLocal: false, isDefinition: true)
!22 = distinct !DICompositeType(tag: DW_TAG_structure_type, file: !1, line: 1, size: 256, elements: !23)
!23 = !{!24, !25, !26, !27}
!24 = !DIDerivedType(tag: DW_TAG_member, name: "type", scope: !22, file: !1, line: 1, baseType: !28, size: 64)
!25 = !DIDerivedType(tag: DW_TAG_member, name: "key", scope: !22, file: !1, line: 1, baseType: !31, size: 64, offset: 64)
!26 = !DIDerivedType(tag: DW_TAG_member, name: "value", scope: !22, file: !1, line: 1, baseType: !32, size: 64, offset: 128)
!27 = !DIDerivedType(tag: DW_TAG_member, name: "max_entries", scope: !22, file: !1, line: 1, baseType: !28, size: 64, offset: 192)
!28 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !29, size: 64)
!29 = !DICompositeType(tag: DW_TAG_array_type, baseType: !5, size: 64, elements: !36)
!30 = !DIGlobalVariableExpression(var: !37, expr: !DIExpression())
!31 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !33, size: 64)
!32 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !34, size: 64)
!33 = !DIBasicType(name: "unsigned int", size: 32, encoding: DW_ATE_unsigned)
!34 = !DIBasicType(name: "unsigned long", size: 64, encoding: DW_ATE_unsigned)
!35 = !DISubrange(count: 2)
!36 = !{!35}
!37 = distinct !DIGlobalVariable(name: "verdict", scope: !0, file: !1, line: 2, type: !38, isLocal: false, isDefinition: true)
!38 = !DIDerivedType(tag: DW_TAG_const_type, baseType: !5)
!40 = distinct !DISubprogram(name: "count_and_drop", scope: !1, file: !1, line: 5, type: !8, isLocal: false, isDefinition: true, scopeLine: 5, isOptimized: true, unit: !0, retainedNodes: !62)
!41 = !DILocation(line: 5, scope: !40)
!50 = !{!20, !30}
!60 = !{!61}
!61 = !DILocalVariable(name: "ctx", arg: 1, scope: !7, file: !1, line: 3, type: !6)
!62 = !{!63}
!63 = !DILocalVariable(name: "ctx", arg: 1, scope: !40, file: !1, line: 5, type: !6)
!64 = !{!65}
!65 = !DILocalVariable(name: "entry", arg: 1, scope: !12, file: !1, line: 9, type: !5)
